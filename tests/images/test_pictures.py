"""What an uploaded picture may be, and what is left of it."""

import io
import struct
import tracemalloc
import zlib

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from education.images.pictures import UnusablePicture, reencode, square, versions


def picture(kind="PNG", size=(300, 100), mode="RGB", colour="navy", **options):
    data = io.BytesIO()
    Image.new(mode, size, colour).save(data, kind, **options)
    return data.getvalue()


def draw(data, name="logo.png", largest=640):
    return reencode(SimpleUploadedFile(name, data), largest=largest)


def opened(result):
    return Image.open(io.BytesIO(result.file.read()))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_three_formats_come_out_as_png_under_a_random_name(kind):
    result = draw(picture(kind), name="../../My Clinic.php")
    image = opened(result)
    assert (image.format, image.size) == ("PNG", (300, 100))
    assert (result.width, result.height) == (300, 100)
    assert result.file.name != draw(picture(kind)).file.name
    assert result.file.name.endswith(".png")
    assert "Clinic" not in result.file.name


def test_a_large_picture_is_made_smaller_and_keeps_its_shape():
    result = draw(picture(size=(2000, 1000)))
    assert opened(result).size == (640, 320)
    assert (result.width, result.height) == (640, 320)


def test_transparency_survives():
    assert opened(draw(picture(mode="RGBA", colour=(0, 0, 0, 0)))).getpixel((0, 0)) == (0, 0, 0, 0)


def test_nothing_hidden_survives_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # lying on its side
    exif[0x010E] = "Taken at the home of a patient"
    hidden = {"exif": exif, "comment": b"home of a patient", "icc_profile": b"colours of a patient"}
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


def test_a_png_with_text_chunks_and_a_moving_picture_lose_both():
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "a patient")
    moving = picture(pnginfo=info, save_all=True, append_images=[Image.new("RGB", (300, 100), "red")])
    out = draw(moving).file.read()
    assert b"patient" not in out
    assert getattr(Image.open(io.BytesIO(out)), "n_frames", 1) == 1


@pytest.mark.parametrize(
    ("name", "data"),
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
    ],
    ids=["html", "svg", "gif", "tiff", "bmp", "empty", "header", "cut-png", "cut-jpeg", "odd-webp"],
)
def test_anything_else_is_refused_in_one_line(name, data):
    with pytest.raises(UnusablePicture, match="This is not a picture we can read"):
        draw(data, name)


def script_that_begins_like_a_jpeg():
    """Its first segment is as long as the characters `/*` say, so that a script reader takes it for a comment."""
    plain = picture("JPEG")
    return plain[:2] + b"\xff\xe0/*" + b"\0" * (0x2F2A - 2) + plain[20:] + b"*/=alert(1)//"


POLYGLOTS = {
    "page": picture("JPEG", comment=b"x") + b"<html><body>hello</body></html>",
    "script": script_that_begins_like_a_jpeg(),
    "script in a comment": picture("JPEG", comment=b"--><ScRiPt>alert(1)</script>"),
    "archive": picture("PNG") + b"PK\x05\x06" + bytes(18),
    "document": picture("WEBP") + b"%PDF-1.7",
    "server page": picture("PNG") + b"<?php system($_GET[0]);",
}


@pytest.mark.parametrize("kind", POLYGLOTS)
@pytest.mark.parametrize(
    "read", [draw, lambda data: versions(SimpleUploadedFile("x.jpg", data))], ids=["logo", "library"]
)
def test_a_picture_that_is_something_else_too_is_refused(kind, read):
    with pytest.raises(UnusablePicture, match="This file is a picture and something else at once"):
        read(POLYGLOTS[kind])


def bomb(width, height):
    """A PNG of a few kilobytes that unfolds to width × height × 3 bytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer, rows = zlib.compressobj(9), b""
    for _ in range(height):
        rows += packer.compress(b"\0" * (1 + (width + 7) // 8))
    rows += packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [9000, 20000])
def test_a_small_file_that_unfolds_to_a_huge_picture_is_refused_by_its_header(side):
    data = bomb(side, side)
    assert len(data) < 60_000
    upload = SimpleUploadedFile("logo.png", data)
    with pytest.raises(UnusablePicture):  # Pillow's own modules are loaded before memory is measured
        reencode(upload, largest=640)
    upload.seek(0)
    tracemalloc.start()
    with pytest.raises(UnusablePicture, match="more than 24 million pixels"):
        reencode(upload, largest=640)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def test_memory_of_the_process_stays_flat_while_a_bomb_is_refused():
    import resource

    data = bomb(9000, 9000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(5):
        with pytest.raises(UnusablePicture):
            draw(data)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kilobytes; unfolded it is 81,000


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
def test_a_picture_is_kept_in_several_widths_and_never_stretched(size, widths):
    found = library(picture("JPEG", size=size))
    assert sorted({width for width, _ in found.files}) == widths
    assert (found.width, found.height) == (widths[-1], round(widths[-1] * size[1] / size[0]))
    for (width, extension), data in found.files.items():
        image = Image.open(io.BytesIO(data))
        assert image.format == {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}[extension]
        assert image.width == width


def test_nothing_hidden_survives_in_any_version():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "Taken at the home of a patient"
    found = library(picture("JPEG", size=(600, 300), exif=exif, comment=b"a patient", icc_profile=b"of a patient"))
    assert (found.width, found.height) == (300, 600)
    for data in found.files.values():
        assert b"patient" not in data
        assert not Image.open(io.BytesIO(data)).getexif()


def test_what_was_transparent_becomes_white():
    found = library(picture(mode="RGBA", colour=(0, 0, 0, 0)))
    assert Image.open(io.BytesIO(found.files[300, "jpg"])).getpixel((5, 5)) == (255, 255, 255)


def test_a_tall_picture_does_not_become_a_tower():
    found = library(picture(size=(1000, 5000)))
    assert (found.width, found.height) == (480, 2400)


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


def test_a_bomb_is_refused_by_the_library_too_with_memory_flat():
    data = bomb(9000, 9000)
    assert len(data) < 20_000
    with pytest.raises(UnusablePicture):
        library(data)
    tracemalloc.start()
    with pytest.raises(UnusablePicture, match="more than 24 million pixels"):
        library(data)
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_the_edge_lets_the_largest_picture_through():
    limits = dict(settings.BODY_LIMITS)
    assert limits["/admin/"] > settings.FILE_UPLOAD_MAX_MEMORY_SIZE > settings.MAX_UPLOAD_MB * 1_000_000
