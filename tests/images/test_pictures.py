"""Which uploads are accepted, and what is stored of them."""

import io
import re
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from education.images.pictures import UnusablePicture, reencode, square, versions
from tests.each import of_each
from tests.images.uploads import ADOBE_RGB, DISPLAY_P3, POLYGLOTS, bomb, claiming, gray, icc_profile, picture


def draw(data, name="logo.png", largest=640):
    return reencode(SimpleUploadedFile(name, data), largest=largest)


def opened(result):
    return Image.open(io.BytesIO(result.file.read()))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "HEIF"])
def test_four_formats_come_out_as_png_under_a_random_name(kind):
    result = draw(picture(kind), name="../../My Clinic.php")
    image = opened(result)
    assert (image.format, image.size) == ("PNG", (300, 100))
    assert (result.width, result.height) == (300, 100)
    assert result.file.name != draw(picture(kind)).file.name
    assert result.file.name.endswith(".png")
    assert "Clinic" not in result.file.name


def test_a_large_picture_is_scaled_down_in_proportion():
    result = draw(picture(size=(2000, 1000)))
    assert opened(result).size == (640, 320)
    assert (result.width, result.height) == (640, 320)


def test_transparency_survives():
    assert opened(draw(picture(mode="RGBA", color=(0, 0, 0, 0)))).getpixel((0, 0)) == (0, 0, 0, 0)


def test_hidden_data_is_removed_and_the_picture_is_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # lying on its side
    exif[0x010E] = "Taken at the home of a patient"
    hidden = {"exif": exif, "comment": b"home of a patient", "icc_profile": b"colors of a patient"}
    data = picture("JPEG", size=(300, 100), **hidden) + b"appended by the phone of a patient"
    assert data.count(b"patient") == 4
    result = draw(data)
    out = result.file.read()
    assert b"patient" not in out
    assert b"phone" not in out
    image = Image.open(io.BytesIO(out))
    assert not image.getexif()
    assert not image.info
    assert image.size == (100, 300)


def test_text_chunks_and_animation_are_removed_from_a_png():
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "a patient")
    moving = picture(pnginfo=info, save_all=True, append_images=[Image.new("RGB", (300, 100), "red")])
    out = draw(moving).file.read()
    assert b"patient" not in out
    assert getattr(Image.open(io.BytesIO(out)), "n_frames", 1) == 1


@of_each(
    [
        ("page.jpg", b"<!doctype html><script>alert(1)</script>"),
        ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("logo.png", picture("GIF")),
        ("logo.png", picture("TIFF")),
        ("logo.jpg", picture("BMP")),
        ("empty.png", b""),
        ("header-only.png", b"\x89PNG\r\n\x1a\n"),
        ("cut.png", picture(size=(64, 64))[:60]),
        ("cut.jpg", picture("JPEG", size=(600, 600))[:400]),
        ("odd.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 " + b"\xff" * 40),
    ]
)
def test_other_files_are_refused_with_one_message(case):
    name, data = case
    with pytest.raises(UnusablePicture, match="This is not a picture we can read"):
        draw(data, name)


def test_a_jpeg_of_twelve_bits_is_refused_with_what_to_do():
    data = picture("JPEG", size=(64, 64))
    frame = data.index(b"\xff\xc0\x00\x11\x08")
    with pytest.raises(UnusablePicture, match="Save it again with 8 bits"):
        draw(data[: frame + 4] + b"\x0c" + data[frame + 5 :], "scan.jpg")


@of_each([draw, lambda data: versions(SimpleUploadedFile("x.jpg", data))], POLYGLOTS)
def test_a_polyglot_file_is_refused(read, kind):
    with pytest.raises(UnusablePicture, match="This file is a picture and something else at once"):
        read(POLYGLOTS[kind])


@pytest.mark.parametrize(("side", "most"), [(9000, 16), (20000, 25)])
def test_a_decompression_bomb_is_refused_by_its_header(side, most):
    data = bomb(side, side)
    assert len(data) < 60_000
    upload = SimpleUploadedFile("logo.png", data)
    with pytest.raises(UnusablePicture):  # Pillow's own modules are loaded before memory is measured
        reencode(upload, largest=640)
    upload.seek(0)
    tracemalloc.start()
    with pytest.raises(UnusablePicture, match=f"more than {most} million pixels"):
        reencode(upload, largest=640)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def test_memory_stays_flat_while_a_bomb_is_refused():
    import resource

    data = bomb(9000, 9000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(5):
        with pytest.raises(UnusablePicture):
            draw(data)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kB; decompressed: 81,000


# By kind: millions of pixels, width, height, and how it is written.
LARGEST = {
    "WebP": (12, 4000, 3000, {"kind": "WEBP", "method": 0}),
    "PNG": (16, 4000, 4000, {"kind": "PNG", "mode": "RGBA", "compress_level": 1}),
    "JPEG": (25, 5712, 4376, {"kind": "JPEG", "progressive": True, "subsampling": 0}),
    "HEIC": (25, 5712, 4376, {"kind": "HEIF", "enc_params": {"preset": "ultrafast"}}),
    "CMYK JPEG": (16, 4000, 4000, {"kind": "JPEG", "mode": "CMYK", "progressive": True, "color": 0}),
}
HEIC = Path(__file__).with_name("25_megapixels.heic")
# Not getrusage: there, the memory of the process that started this one would count.
DECODE = """
import re, sys
from pathlib import Path
from django.core.files.uploadedfile import SimpleUploadedFile
from education.images.pictures import reencode
peaks = []
for path in sys.argv[1:]:
    reencode(SimpleUploadedFile("photo", Path(path).read_bytes()), largest=640)
    peaks.append(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]))
print(*(peak - peaks[0] for peak in peaks[1:]))
"""


def largest(kind):
    """A HEIC of this size takes longer to encode than all the others."""
    _, width, height, how = LARGEST[kind]
    data = HEIC.read_bytes() if kind == "HEIC" else picture(size=(width, height), **how)
    assert Image.open(io.BytesIO(data)).size == (width, height)
    return data


@pytest.mark.thorough
def test_the_largest_picture_of_each_kind_takes_less_than_two_hundred_megabytes(tmp_path):
    (tmp_path / "small").write_bytes(picture())
    for kind in LARGEST:
        (tmp_path / kind).write_bytes(largest(kind))
    command = [sys.executable, "-c", DECODE, tmp_path / "small", *(tmp_path / kind for kind in LARGEST)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    peaks = [int(peak) // 1000 for peak in told.stdout.split()]  # each is the highest so far, in MB
    assert len(peaks) == len(LARGEST)
    assert max(peaks) < 200, dict(zip(LARGEST, peaks, strict=True))


@pytest.mark.parametrize("kind", LARGEST)
def test_a_picture_with_more_pixels_is_refused_with_what_to_do(kind):
    most, width, height, how = LARGEST[kind]
    height = most * 1_000_000 // width
    said = f"more than {most} million pixels, too many for a {kind}. Save a smaller version of it"
    with pytest.raises(UnusablePicture, match=re.escape(said)):
        draw(claiming((width, height + 1), **how))


def test_a_jpeg_decoded_at_a_smaller_size_keeps_its_proportions_and_its_way_up():
    exif = Image.Exif()
    exif[0x0112] = 6
    halves = Image.new("RGB", (5000, 3000), "red")
    halves.paste("blue", (2500, 0, 5000, 3000))
    data = io.BytesIO()
    halves.save(data, "JPEG", exif=exif)
    image = opened(draw(data.getvalue()))
    assert image.size == (384, 640)
    assert image.getpixel((192, 20))[0] > 200
    assert image.getpixel((192, 620))[2] > 200


def test_a_photograph_of_a_phone_is_taken():
    assert draw(picture("JPEG", size=(5712, 4284))).width == 640


def test_a_jpeg_that_holds_a_second_picture_is_taken():
    two = picture("MPO", save_all=True, append_images=[Image.new("RGB", (300, 100), "red")])
    result = draw(two)
    assert opened(result).size == (300, 100)
    assert result.notes == ("Only the first of the 2 pictures in this file is kept.",)


# Colors and shades


@pytest.mark.parametrize(
    ("values", "levels", "shades"),
    [((0, 32896, 65535), (0, 128, 255), "65,536"), ((0, 2055, 4095), (0, 128, 255), "4,096")],
    ids=["sixteen bits", "twelve bits"],
)
def test_gray_with_more_than_eight_bits_keeps_its_shades(values, levels, shades):
    result = draw(gray(*values))
    image = opened(result).convert("L")
    assert [abs(image.getpixel((place, 20)) - level) <= 1 for place, level in enumerate(levels)] == [True] * 3
    assert result.notes == (f"It has {shades} shades of gray and is kept with 256.",)


@pytest.mark.parametrize(
    ("name", "primaries", "seen"),
    [("Display P3", DISPLAY_P3, (241, 30, 30)), ("Adobe RGB (1998)", ADOBE_RGB, (255, 57, 45))],
)
@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGB"), ("PNG", "P"), ("JPEG", "RGB"), ("HEIF", "RGB")])
def test_the_colors_of_another_profile_are_converted(kind, mode, name, primaries, seen):
    source = Image.new("RGB", (64, 64), (220, 60, 50))
    source = source.quantize() if mode == "P" else source
    data = io.BytesIO()
    source.save(data, kind, icc_profile=icc_profile(name, primaries))
    result = draw(data.getvalue())
    found = opened(result).getpixel((30, 30))
    assert all(abs(one - other) <= 4 for one, other in zip(found, seen, strict=True)), found
    said = f"Its colors ({name}) were converted to sRGB, which every screen shows. The brightest may look duller."
    assert result.notes == (said,)


def test_the_profile_that_every_screen_has_changes_nothing():
    from PIL import ImageCms

    own = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    result = draw(picture(color=(220, 60, 50), icc_profile=own))
    assert opened(result).getpixel((5, 5)) == (220, 60, 50)
    assert result.notes == ()


def test_a_profile_keeps_the_transparency():
    clear = picture(mode="RGBA", color=(220, 60, 50, 90), icc_profile=icc_profile("Display P3", DISPLAY_P3))
    assert opened(draw(clear)).getpixel((5, 5))[3] == 90


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (picture("JPEG", icc_profile=b"no profile at all"), "Its color profile can’t be read. Check how its colors"),
        (picture("JPEG", mode="CMYK", color=0), "It has colors for printing (CMYK) and does not say which."),
    ],
)
def test_colors_that_are_not_known_are_said(data, said):
    assert draw(data).notes[0].startswith(said)


@pytest.mark.parametrize("mode", ["1", "P"])
def test_a_logo_with_few_colors_is_made_smaller_with_soft_edges(mode):
    stripes = Image.new("L", (1280, 320))
    for left in range(0, 1280, 2):
        stripes.paste(255, (left, 0, left + 1, 320))
    data = io.BytesIO()
    stripes.convert(mode).save(data, "PNG")
    shades = opened(draw(data.getvalue())).convert("L").crop((10, 10, 600, 100)).getextrema()
    assert 90 < shades[0] <= shades[1] < 165  # nearest neighbour leaves only black, or only white


def test_a_file_above_the_limit_is_refused_unread(settings):
    with pytest.raises(UnusablePicture, match=f"larger than {settings.MAX_UPLOAD_MB} MB"):
        draw(b"x" * (settings.MAX_UPLOAD_MB * 1_000_000 + 1))


# In every width and format


def library(data, name="photo.jpg"):
    return versions(SimpleUploadedFile(name, data))


@pytest.mark.parametrize(
    ("size", "widths"),
    [((4000, 3000), [480, 960, 1600]), ((1000, 500), [480, 960, 1000]), ((480, 300), [480]), ((90, 90), [90])],
)
def test_a_picture_is_stored_in_several_widths_and_never_enlarged(size, widths):
    found = library(picture("JPEG", size=size))
    assert sorted({width for width, _ in found.files}) == widths
    assert (found.width, found.height) == (widths[-1], round(widths[-1] * size[1] / size[0]))
    for (width, extension), data in found.files.items():
        image = Image.open(io.BytesIO(data))
        assert image.format == {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}[extension]
        assert image.width == width


def test_hidden_data_is_removed_from_every_version():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "Taken at the home of a patient"
    found = library(picture("JPEG", size=(600, 300), exif=exif, comment=b"a patient", icc_profile=b"of a patient"))
    assert (found.width, found.height) == (300, 600)
    for data in found.files.values():
        assert b"patient" not in data
        assert not Image.open(io.BytesIO(data)).getexif()


def test_transparency_becomes_white():
    found = library(picture(mode="RGBA", color=(0, 0, 0, 0)))
    assert Image.open(io.BytesIO(found.files[300, "jpg"])).getpixel((5, 5)) == (255, 255, 255)


def test_the_height_of_a_tall_picture_is_limited_and_said():
    found = library(picture(size=(1000, 5000)))
    assert (found.width, found.height) == (480, 2400)
    assert found.notes == ("It had 1000 × 5000 pixels and is kept with 480 × 2400.",)
    narrow = library(picture(size=(800, 8000)))
    assert (narrow.width, narrow.height) == (240, 2400)
    assert narrow.notes[-1] == "That is narrow: if it holds words, cut it into several pictures."


def test_what_the_library_leaves_out_is_said():
    assert library(picture("HEIF", size=(900, 600))).notes == ()
    assert library(picture(mode="RGBA", color=(0, 0, 0, 0))).notes == ("Its transparent parts are white now.",)
    moving = picture("WEBP", save_all=True, append_images=[Image.new("RGB", (300, 100), "red")])
    assert library(moving).notes == ("Only the first of the 2 pictures in this file is kept.",)
    exif = Image.Exif()
    exif[0x0112] = 6
    said = "It had 3000 × 4000 pixels and is kept with 1600 × 2133."
    assert library(picture("JPEG", size=(4000, 3000), exif=exif)).notes == (said,)


def test_the_square_is_cut_around_the_focus():
    halves = Image.new("RGB", (800, 400), "red")
    halves.paste("blue", (400, 0, 800, 400))
    data = io.BytesIO()
    halves.save(data, "PNG")
    for focus, (red, _, blue) in ((0, (254, 0, 0)), (100, (0, 0, 254))):
        cut = Image.open(io.BytesIO(square(data.getvalue(), focus, 50)))
        assert cut.size == (320, 320)
        seen = cut.getpixel((160, 160))
        assert abs(seen[0] - red) < 20
        assert abs(seen[2] - blue) < 20


def test_the_library_refuses_a_bomb_too_with_memory_flat():
    data = bomb(9000, 9000)
    assert len(data) < 20_000
    with pytest.raises(UnusablePicture):
        library(data)
    tracemalloc.start()
    with pytest.raises(UnusablePicture, match="more than 16 million pixels"):
        library(data)
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_the_edge_lets_the_largest_picture_through():
    limits = dict(settings.BODY_LIMITS)
    assert limits["/admin/"] > settings.FILE_UPLOAD_MAX_MEMORY_SIZE > settings.MAX_UPLOAD_MB * 1_000_000
