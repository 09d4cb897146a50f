"""Colors as every screen shows them: eight bits for each of red, green and blue, in sRGB."""

from io import BytesIO

from PIL import Image, ImageCms

SRGB = ImageCms.createProfile("sRGB")
EIGHT_BITS = "It has {:,} shades of gray and is kept with 256."
EIGHT_BITS_A_COLOR = "It has 16 bits for each color and is kept with 8."
CONVERTED = "Its colors ({}) were converted to sRGB, which every screen shows. The brightest may look duller."
NO_PROFILE = "It has colors for printing (CMYK) and does not say which. Check how they look."
BROKEN_PROFILE = "Its color profile can’t be read. Check how its colors look."
TWELVE_BITS = 4095  # the brightest point that scanners with twelve bits store, in sixteen
NEAREST_ONLY = ("1", "P")  # Pillow takes over single points of these when it makes them smaller


def with_eight_bits(source: Image.Image) -> tuple[Image.Image, list[str]]:
    """The image in a mode that can be made smaller well, and what was lost. Other programs leave it to the reader to
    find out whether sixteen bits hold sixteen or twelve.
    """
    if source.mode.startswith("I"):
        white = TWELVE_BITS if _brightest(source) <= TWELVE_BITS else 65535
        scaled = source.convert("I").point(lambda value: value * (255 / white))
        return _with_info(scaled.convert("L"), source), [EIGHT_BITS.format(white + 1)]
    deeper = "16B" in str(getattr(source, "tile", "")) or source.info.get("bit_depth", 8) > 8
    notes = [EIGHT_BITS_A_COLOR] if deeper else []
    if source.mode in NEAREST_ONLY:
        return _with_info(source.convert(_plain_mode(source)), source), notes
    return source, notes


def in_srgb(image: Image.Image) -> tuple[Image.Image, list[str]]:
    """The image as RGB, or RGBA if it has transparency, in sRGB; and what a reader should know of it."""
    alpha = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
    opaque = image if alpha is None else image.convert("L" if image.mode in ("L", "LA") else "RGB")
    converted, notes = _converted(opaque, image.info.get("icc_profile"))
    if alpha is not None:
        converted.putalpha(alpha)
    return converted, notes


def _converted(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, list[str]]:
    if not profile:
        return image.convert("RGB"), [NO_PROFILE] if image.mode == "CMYK" else []
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        name = " ".join(ImageCms.getProfileDescription(own).split())
        if "srgb" in name.lower() and image.mode == "RGB":
            return image.copy(), []
        converted = ImageCms.profileToProfile(image, own, SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image.convert("RGB"), [BROKEN_PROFILE]
    assert converted is not None  # noqa: S101  it is None only where the image itself is changed
    return converted, [CONVERTED.format(name or "with a profile")]


def _brightest(image: Image.Image) -> float:
    high = image.convert("I").getextrema()[1]
    return float(high) if isinstance(high, int | float) else 0.0


def _plain_mode(image: Image.Image) -> str:
    return "RGBA" if image.has_transparency_data else "RGB" if image.mode == "P" else "L"


def _with_info(image: Image.Image, source: Image.Image) -> Image.Image:
    """What Pillow leaves behind when it converts: which way up it is, and its profile."""
    image.info = {name: source.info[name] for name in ("exif", "icc_profile") if name in source.info}
    return image
