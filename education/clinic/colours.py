"""Contrast arithmetic of WCAG 2, so that no clinic picks an accent that its patients can't read."""

import colorsys
import re

# What the accent stands on or under, from static/css/tokens.css; a test compares them.
LIGHT = ("#fbf9f4", "#f3efe5", "#ffffff")
DARK = ("#171b1a", "#212625", "#101514")
READABLE = 4.5


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def worst(colour: str, grounds: tuple[str, ...]) -> float:
    return min(contrast(colour, ground) for ground in grounds)


def problem(colour: str) -> str:
    """Why this accent will not do; empty when it will."""
    if not re.fullmatch(r"#[0-9a-f]{6}", colour):
        return "Write the colour as # and six hexadecimal digits, for example #0f5c5c."
    reached = worst(colour, LIGHT)
    if reached < READABLE:
        return f"Too light to read: the contrast is {reached:.1f} to 1, and 4.5 to 1 is needed. Choose a darker colour."
    return ""


def for_dark(colour: str) -> str:
    """The same hue for the dark theme: lightened until it reads there."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    while worst(colour, DARK) < READABLE:
        lightness = min(lightness + 0.02, 1.0)
        colour = "#" + "".join(f"{round(c * 255):02x}" for c in colorsys.hls_to_rgb(hue, lightness, saturation))
    return colour
