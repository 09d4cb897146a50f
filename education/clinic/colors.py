"""The tones that a clinic's one accent color becomes, each as readable as WCAG 2, level AAA, asks.

Style sheets mix no colors: what is derived is derived here, and checked against every ground it may be on.
"""

import colorsys
import re
from collections.abc import Callable
from dataclasses import dataclass, fields

DEFAULT_ACCENT = "#0f5c5c"
# The backgrounds of the accent color, from static/css/tokens.css; a test compares them.
LIGHT_BACKGROUNDS = ("#fffdf8", "#ffffff", "#f8f1e4", "#fdf0d3", "#fbe7de", "#e7f0f9", "#ebf3e4")
DARK_BACKGROUNDS = ("#141918", "#1c2322", "#1d2221", "#2c2615", "#30221d", "#1d2835", "#212b1e")
MIN_CONTRAST = 4.5  # to 1, of the color as chosen: what is lighter would have to become another color to be read
TEXT_CONTRAST = 7.0  # to 1: level AAA, for text of ordinary size
COLOR = re.compile(r"#[0-9a-f]{6}")
STEP = 0.004  # of lightness


@dataclass(frozen=True)
class Tones:
    """Named like the custom properties of tokens.css that they replace."""

    accent: str
    accent_dark_theme: str
    deep_light: str  # emergency strip and footer
    deep_dark: str
    mist_light: str  # key points
    mist_dark: str
    arch_light: str  # behind drawings and faces
    arch_dark: str

    def css(self) -> str:
        return " ".join(f"--{field.name.replace('_', '-')}: {getattr(self, field.name)};" for field in fields(self))


def _channels(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def luminance(color: str) -> float:
    """Relative luminance of a color such as `#0f5c5c`, from 0 (black) to 1 (white)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colors, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lowest_contrast(color: str, backgrounds: tuple[str, ...]) -> float:
    return min(contrast(color, background) for background in backgrounds)


def accent_problem(color: str) -> str:
    """Why this can't be the accent color; empty if it can."""
    if not COLOR.fullmatch(color):
        return "Write the color as # and six hexadecimal digits, for example #0f5c5c."
    reached = lowest_contrast(color, LIGHT_BACKGROUNDS[:3])
    if reached < MIN_CONTRAST:
        return (
            f"Too light to read: links, and the words on buttons, would fade (the contrast is {reached:.1f} to 1, and "
            f"{MIN_CONTRAST} to 1 is needed). Choose a darker color. The nearest that can be read is {nearest(color)}."
        )
    return ""


def nearest(color: str) -> str:
    """The same hue, as light as it may be; the color itself if it can be the accent. Empty if it is no color."""
    if not COLOR.fullmatch(color):
        return ""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(color))
    return _until_readable(
        lambda at: _hex(hue, at, saturation), min(lightness, 1 - STEP), -STEP, LIGHT_BACKGROUNDS[:3], least=MIN_CONTRAST
    )


def tones(accent: str) -> Tones:
    """The tones made of an accent color that has no problem."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(accent))

    def tone(light: float, share: float) -> str:
        return _hex(hue, light, saturation * share)

    mist_light, mist_dark = tone(0.918, 0.4), tone(0.127, 0.38)
    return Tones(
        accent=_until_readable(lambda at: tone(at, 1), lightness, -STEP, (*LIGHT_BACKGROUNDS, mist_light)),
        accent_dark_theme=_until_readable(
            lambda at: tone(at, 0.6), max(lightness, 0.68), STEP, (*DARK_BACKGROUNDS, mist_dark)
        ),
        deep_light=tone(0.147, 1),
        deep_dark=tone(0.108, 0.8),
        mist_light=mist_light,
        mist_dark=mist_dark,
        arch_light=tone(0.845, 0.3),
        arch_dark=tone(0.37, 0.27),
    )


def _hex(hue: float, lightness: float, saturation: float) -> str:
    return "#" + "".join(f"{round(c * 255):02x}" for c in colorsys.hls_to_rgb(hue, lightness, saturation))


def _until_readable(
    tone: Callable[[float], str],
    lightness: float,
    step: float,
    grounds: tuple[str, ...],
    *,
    least: float = TEXT_CONTRAST,
) -> str:
    """The first tone from this lightness on that every ground leaves readable; black and white always are."""
    while lowest_contrast(tone(lightness), grounds) < least and 0 < lightness < 1:
        lightness = min(max(lightness + step, 0.0), 1.0)
    return tone(lightness)
