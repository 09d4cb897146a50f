"""Every accent color that is accepted is readable in both themes."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from education.clinic import colors
from tests.each import of_each

WORDS_ON_TONES = {  # by their color in tokens.css: on buttons, on key points, on the foot of a page
    "#ffffff": ("accent",),
    "#0d1716": ("accent_dark_theme",),
    "#1d2729": ("mist_light",),
    "#ece8de": ("mist_dark",),
    "#f3f7f4": ("deep_light",),
    "#e6efeb": ("deep_dark",),
}


def test_contrast_is_computed_as_wcag_defines_it():
    assert colors.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colors.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert colors.contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("color", [colors.DEFAULT_ACCENT, "#1d3557", "#7a1f3d", "#000000"])
def test_a_readable_accent_passes(color):
    assert colors.accent_problem(color) == ""


@of_each(["#ffffff", "#ffd700", "#4fb3b3", "#767676", "#ff0000"])
def test_an_accent_that_is_too_light_is_refused_with_its_contrast(color):
    assert re.search(r"contrast is \d\.\d to 1", colors.accent_problem(color))


@of_each(["#ffffff", "#ffd700", "#4fb3b3", "#767676", "#ff0000", "#00ff00"])
def test_the_nearest_color_that_can_be_read_is_hardly_darker_than_it_must_be(color):
    near = colors.nearest(color)
    assert colors.accent_problem(near) == ""
    assert colors.MIN_CONTRAST <= colors.lowest_contrast(near, colors.LIGHT_BACKGROUNDS[:3]) < 4.7
    assert colors.nearest(near) == near


@of_each(["", "teal", "#0f5", "0f5c5c", "#0f5c5c;}body{display:none", "#0f5c5g", "#0F5C5C"])
def test_an_invalid_color_is_refused(color):
    assert "six hexadecimal digits" in colors.accent_problem(color)


@of_each([f"#{r}{g}{b}" for r in ("00", "60", "99") for g in ("00", "40") for b in ("00", "80")])
def test_each_tone_of_any_accent_is_readable_in_both_themes(color):
    found = colors.tones(color)
    for tone in vars(found).values():
        assert re.fullmatch(r"#[0-9a-f]{6}", tone)
    light, dark = (*colors.LIGHT_BACKGROUNDS, found.mist_light), (*colors.DARK_BACKGROUNDS, found.mist_dark)
    assert colors.lowest_contrast(found.accent, light) >= 7
    assert colors.lowest_contrast(found.accent_dark_theme, dark) >= 7
    for words, grounds in WORDS_ON_TONES.items():
        assert all(colors.contrast(words, getattr(found, ground)) >= 7 for ground in grounds), words


def test_the_backgrounds_are_those_of_the_style_sheet():
    css = Path(settings.BASE_DIR, "static/css/tokens.css").read_text()
    for ground in (*colors.LIGHT_BACKGROUNDS, *colors.DARK_BACKGROUNDS):
        assert ground in css
    assert all(line in css for line in colors.tones(colors.DEFAULT_ACCENT).css().split(" --")[1:])
