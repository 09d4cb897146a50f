"""What the rich-text editor needs under a strict policy on content."""

from typing import Any

from django.http import HttpRequest
from js_asset import Media

# The two style elements that the block editor and the rich-text editor insert by script, by their hashes.
EDITOR_STYLES = [
    "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='",
    "'sha256-N1v+9oYdxeZd/nv2iKYNMLWqP5BlGZff7wM0R1mK4ws='",
]


def with_nonce(media: Any, request: HttpRequest) -> Media:
    """The import map of the editors is an inline script, which the policy allows by its nonce only."""
    return Media.from_media(media, nonce=str(request.csp_nonce))  # type: ignore[attr-defined]
