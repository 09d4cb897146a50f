"""What the editors load, and what they need under the site's Content-Security-Policy."""

from typing import Any

from django.http import HttpRequest
from js_asset import Media

# Hashes of the two style elements that the block editor and the rich-text editor insert by script.
EDITOR_STYLES = [
    "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='",
    "'sha256-N1v+9oYdxeZd/nv2iKYNMLWqP5BlGZff7wM0R1mK4ws='",
]


OF_LISTS = "admin/js/actions"  # Django loads it on every screen
ICON_FONT = "material-icons.css"  # both editors bring one of 129 KB; our own style sheet draws their icons


def with_nonce(media: Any, request: HttpRequest) -> Media:
    """The same media with a nonce, without which the policy would block the editors' import map, an inline script.

    Our styles for rich text take the place of the icon font.
    """
    found = Media.from_media(media, nonce=str(request.csp_nonce))  # type: ignore[attr-defined]
    found._js_lists = [[file for file in files if OF_LISTS not in str(file)] for files in found._js_lists]
    found._css_lists = [_without_icon_font(files) for files in found._css_lists]
    return found + Media(css={"all": ["css/rich-text.css"]})


def _without_icon_font(files: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {medium: [file for file in some if ICON_FONT not in str(file)] for medium, some in files.items()}
