"""What staff write is made safe in one place."""

import pytest

from education.core.html import plain, safe, sanitise
from tests.each import of_each


@pytest.mark.parametrize(
    ("profile", "kept"),
    [
        ("inline", "Ta<strong>b</strong>"),
        ("card", "T<p>a<strong>b</strong></p>"),
        ("text", "<h2>T</h2><p>a<strong>b</strong></p>"),
    ],
)
def test_each_profile_keeps_its_own_elements(profile: str, kept: str) -> None:
    typed = '<h2 class="x">T</h2><h4></h4><p id="y">a<strong style="color:red">b</strong><img src="/z.png"></p>'
    assert sanitise(typed, profile) == kept


@of_each(["/x/", "#part", "https://a.test/", "mailto:a@b.test", "tel:112", "page", "?q=1"])
def test_links_that_lead_somewhere_known_stay(target: str) -> None:
    assert sanitise(f'<a href="{target}">x</a>') == f'<a href="{target}">x</a>'


@of_each(["javascript:x", "data:x", "//evil.test", " //evil.test", "/\\evil.test", "\\evil.test", "ftp://x", "blob:x"])
def test_links_that_lead_astray_lose_their_address(target: str) -> None:
    assert sanitise(f'<a href="{target}" target="_blank">x</a>') == "<a>x</a>"


def test_empty_paragraphs_go() -> None:
    assert sanitise("<p> <br></p><p>x</p><p></p>") == "<p>x</p>"


def test_scripts_and_styles_go_with_what_they_hold() -> None:
    assert sanitise("a<script>b</script><style>c</style>d") == "ad"


def test_plain_words_have_spaces_between_blocks_and_no_entities() -> None:
    assert plain("<h2>A</h2><p>b &amp; c<br>d</p><ul><li>e</li><li>f</li></ul>") == "A b & c d e f"


def test_only_what_was_marked_safe_is_printed_as_it_is() -> None:
    assert safe("<p>x</p>").__html__() == "<p>x</p>"
