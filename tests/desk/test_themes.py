"""The switch of the staff pages forces a theme: it is the one that the site has, tone by tone. All print on white."""

import re
from pathlib import Path

import pytest

from tests.cast import logged_in, staff
from tests.screens import body, plain_words

STYLES = Path(__file__).resolve().parents[2] / "static" / "css"


def tones(css: str, start: str) -> dict[str, str]:
    """The custom properties of the first rule that begins like this."""
    rule = css[css.index(start) :].partition("{")[2].partition("}")[0]
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", rule))


def test_a_theme_that_the_switch_forces_has_the_tones_of_the_site() -> None:
    site, switch = (STYLES / "tokens.css").read_text(), (STYLES / "admin-theme.css").read_text()
    light = tones(site, "\n:root {")
    dark = tones(site[site.index("@media (prefers-color-scheme: dark)") :], ":root {")
    assert len(dark) > 30
    assert tones(switch, 'html[data-theme="dark"]') == dark
    forced = tones(switch, 'html[data-theme="light"]')
    assert forced == {name: light[name] for name in {*dark, "--accent"}}


def test_public_and_staff_pages_print_in_the_same_tones() -> None:
    paper = tones((STYLES / "paper.css").read_text(), "html:root")
    assert paper["--paper"] == "#ffffff"
    for name in ("print.css", "admin-theme.css"):
        sheet = (STYLES / name).read_text()
        assert '@import "paper.css";' in sheet
        printed = sheet if name == "print.css" else sheet.partition("@media print")[2]
        assert paper.keys() & set(re.findall(r"(--[\w-]+):", printed)) == set(), name


@pytest.mark.django_db
def test_the_switch_says_what_it_does_in_the_words_of_the_site() -> None:
    page = body(logged_in(staff("erin", "editor")).get("/admin/"))
    switch = page[page.index('class="theme-toggle"') :].partition("</button>")[0]
    for now in ("as on this device", "light", "dark"):
        assert f"Light or dark screen: now {now}" in plain_words(switch)
    assert "Toggle" not in switch
