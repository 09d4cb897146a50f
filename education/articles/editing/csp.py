"""What the editors load, and what they need under the site's Content-Security-Policy."""

import re
from typing import Any

from django.http import HttpRequest
from js_asset import Media

# Hashes of the two style elements that the block editor and the rich-text editor insert by script.
EDITOR_STYLES = [
    "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='",
    "'sha256-N1v+9oYdxeZd/nv2iKYNMLWqP5BlGZff7wM0R1mK4ws='",
]


# Both editors bring an icon font of 129 KB: our own style sheet draws their icons. No field sets are tabbed. What
# Django's own scripts do with jQuery is done by `editor/form.js`.
NOT_NEEDED = re.compile(r"material-icons\.css|admin/js/|tabbed_fieldsets")


def with_nonce(media: Any, request: HttpRequest) -> Media:
    """The same media with a nonce, without which the policy would block the editors' import map, an inline script.

    Without the files that this screen has no use for.
    """
    found = Media.from_media(media, nonce=str(request.csp_nonce))  # type: ignore[attr-defined]
    found._js_lists = [_needed(files) for files in found._js_lists]
    found._css_lists = [{medium: _needed(some) for medium, some in files.items()} for files in found._css_lists]
    return found + Media(css={"all": ["css/rich-text.css"]})


def _needed(files: list[Any]) -> list[Any]:
    return [file for file in files if not NOT_NEEDED.search(str(file))]
