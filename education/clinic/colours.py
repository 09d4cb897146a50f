"""Contrast ratios as WCAG 2 defines them, so that no clinic picks an accent colour that its patients can't read."""

import colorsys
import re

# The colours that the accent is combined with, from static/css/tokens.css; a test compares them.
LIGHT_BACKGROUNDS = ("#fbf9f4", "#f3efe5", "#ffffff")
DARK_BACKGROUNDS = ("#171b1a", "#212625", "#101514")
MIN_CONTRAST = 4.5  # to 1: WCAG 2, level AA, for text of ordinary size


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance of a colour such as `#0f5c5c`, from 0 (black) to 1 (white)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lowest_contrast(colour: str, backgrounds: tuple[str, ...]) -> float:
    return min(contrast(colour, background) for background in backgrounds)


def accent_problem(colour: str) -> str:
    """Why this can't be the accent colour; empty if it can."""
    if not re.fullmatch(r"#[0-9a-f]{6}", colour):
        return "Write the color as # and six hexadecimal digits, for example #0f5c5c."
    reached = lowest_contrast(colour, LIGHT_BACKGROUNDS)
    if reached < MIN_CONTRAST:
        return f"Too light to read: the contrast is {reached:.1f} to 1, and 4.5 to 1 is needed. Choose a darker color."
    return ""


def for_dark_theme(colour: str) -> str:
    """The same hue, lightened until its contrast suffices in the dark theme."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    while lowest_contrast(colour, DARK_BACKGROUNDS) < MIN_CONTRAST:
        lightness = min(lightness + 0.02, 1.0)
        colour = "#" + "".join(f"{round(c * 255):02x}" for c in colorsys.hls_to_rgb(hue, lightness, saturation))
    return colour
