"""HTML as a printer would set it: short compounds stay on one line, long words break with a hyphen, apostrophes are
curved, indentation is left out.

Only what is sent changes, nothing that is stored. A span that doesn't wrap adds no character, so that a compound is
found on the page, copied and read aloud as it was typed; a hyphen that doesn't break would be another letter. Soft
hyphens are for the longest words alone: what somebody copies has them too. They are taken out of what comes back to us.
"""

import re

from django.utils.safestring import SafeString

from education.core.html import safe
from education.core.typesetting.long_words import MIN_LETTERS, breakable

MAX_HELD = 11  # letters of a compound that stays whole: a longer one may break at its hyphens on a narrow phone
NO_TEXT = ("textarea", "option", "script", "style")  # what is in them is not shown as it is set
# Words beside an input or a drawing may be a box of their own, and a span in them another one. In a title a span is
# shown as it is written.
WITHOUT_SPANS = ("input", "/svg", "title")
# The end of a tag, and the text after it if that has something that may have to be set: most has nothing.
TO_SET = re.compile(r">[^<>'&°-]*['&°-][^<>]*(?![^<])")
INDENTATION = re.compile(r"(?:>|\A)\s+(?![^<])")
# Each begins on a line of its own, so that a line break beside it says nothing.
BOXES = "ul|ol|li|dl|div|section|nav|header|footer|main|article|form|fieldset|figure|p|h[1-3]"
BOX = re.compile(rf"/?(?:{BOXES}|head|meta|link|title|body)(?=[ >]|$)")
APOSTROPHE = re.compile(r"(?<=[^\W_])(?:'|&#x27;)(?=[^\W_])")
ENDS_A_PLURAL = re.compile(r"(?<=[^\W_]s)(?:'|&#x27;)(?=\s)")  # Graves' disease; or the end of 'these words'
OPENS_A_QUOTATION = re.compile(r"(?<![^\W_])(?:'|&#x27;|‘)")
# A compound with a letter in it, a number of three groups and more, as some telephone numbers are, or a temperature.
HELD = re.compile(
    rf"(?<![\w@./-])((?=[\w-]{{3,{MAX_HELD}}}(?![\w@-]|\.\w))(?=[\d-]*[^\W\d_])[^\W_]+(?:-[^\W_]+)+|\d+(?:-\d+){{2,}}"
    r"|\d+(?:\.\d+)? °[CF])(?![\w@-])"
)
# In the text between two tags, and no part of an address. Its letters are looked for after what may stand before them:
# to look back from each letter takes three times as long.
LONG_WORD = re.compile(rf"([ >\n(;“‘’–—])([A-Za-z]{{{MIN_LETTERS},}})(?![\w@]|[./-]\w)(?=[^<>]*(?![^<]))")
FIRST_WORD = re.compile(r">\s*[\w-]*")
BEGINS_A_LINE = re.compile(rf"</?(?:{BOXES}|svg)(?: [^<>]*)?>\s*(?:<(?:a|b|em|span|strong)(?: [^<>]*)?>\s*)*\Z")
LOOKED_BACK = 400  # characters: longer tags are not found, and the word after them is held


def typeset(html: str) -> SafeString:
    """HTML that our own templates rendered, as it is sent. It must not be set twice."""
    return safe(LONG_WORD.sub(_breakable, TO_SET.sub(_set, html)))


def _breakable(found: re.Match[str]) -> str:
    tag = _tag_before(found)
    return found[0] if _holds_no_text(tag) or tag.startswith("title") else found[1] + breakable(found[2])


def _set(found: re.Match[str]) -> str:
    tag = _tag_before(found)
    if _holds_no_text(tag):
        return found[0]
    words = curved(found[0])
    if tag.startswith(WITHOUT_SPANS):
        return words
    kept = _first_of_its_line(found, words)
    return kept + HELD.sub(r'<span class="nowrap">\1</span>', words[len(kept) :])


def _first_of_its_line(found: re.Match[str], text: str) -> str:
    """The compound that the text begins with, if it begins a line, and so is whole. In a span, the words after it would
    be a piece of their own, which moves sideways when the face of a heading comes late.
    """
    first = FIRST_WORD.match(text)
    if not first or "-" not in first[0]:
        return ""
    before = found.string[max(0, found.start() - LOOKED_BACK) : found.start() + 1]
    return first[0] if BEGINS_A_LINE.search(before) else ""


def curved(text: str) -> str:
    """Words, or a piece of HTML, with the apostrophes that a printer would set."""
    words = APOSTROPHE.sub("’", text)
    return words if OPENS_A_QUOTATION.search(words) else ENDS_A_PLURAL.sub("’", words)


def without_indentation(html: str) -> str:
    """HTML, or a part of a template, without the space between two tags that no browser shows."""
    return INDENTATION.sub(_drawn_in, html)


def _drawn_in(found: re.Match[str]) -> str:
    end, tag = found[0].strip(), _tag_before(found)
    if _holds_no_text(tag):
        return found[0]
    if "\n" not in found[0]:
        return f"{end} "
    says_nothing = BOX.match(tag) or BOX.match(found.string, found.end() + 1)
    return end if says_nothing else f"{end}\n"


def _tag_before(found: re.Match[str]) -> str:
    return found.string[found.string.rfind("<", 0, found.start()) + 1 : found.start()]


def _holds_no_text(tag: str) -> bool:
    """A > between quotes ends no tag."""
    return bool(tag.count('"') % 2) or tag.startswith(NO_TEXT)
