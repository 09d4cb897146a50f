"""What the rich-text editor needs under the site's Content-Security-Policy."""

from typing import Any

from django.http import HttpRequest
from js_asset import Media

# Hashes of the two style elements that the block editor and the rich-text editor insert by script.
EDITOR_STYLES = [
    "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='",
    "'sha256-N1v+9oYdxeZd/nv2iKYNMLWqP5BlGZff7wM0R1mK4ws='",
]


def with_nonce(media: Any, request: HttpRequest) -> Media:
    """The same media with a nonce, without which the policy would block the editors' import map, an inline script."""
    return Media.from_media(media, nonce=str(request.csp_nonce))  # type: ignore[attr-defined]
