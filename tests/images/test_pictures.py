"""What an uploaded picture may be, and what is left of it."""

import io
import struct
import tracemalloc
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from education.images.pictures import MOST_BYTES, Refused, reencode


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
    data = picture("JPEG", size=(300, 100), **hidden) + b"<script>patient</script>"
    assert data.count(b"patient") == 4
    result = draw(data)
    out = result.file.read()
    assert b"patient" not in out
    assert b"script" not in out
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
    with pytest.raises(Refused, match="This is not a picture we can read"):
        draw(data, name)


def test_a_picture_that_is_also_a_page_comes_out_as_a_picture_only():
    polyglot = picture("JPEG", comment=b"*/=alert(document.domain);/*") + b"<html><body>hello</body></html>"
    out = draw(polyglot, "logo.jpg").file.read()
    assert out.startswith(b"\x89PNG")
    assert b"alert" not in out
    assert b"html" not in out


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
    with pytest.raises(Refused):  # Pillow's own modules are loaded before memory is measured
        reencode(upload, largest=640)
    upload.seek(0)
    tracemalloc.start()
    with pytest.raises(Refused, match="more than 24 million pixels"):
        reencode(upload, largest=640)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def test_memory_of_the_process_stays_flat_while_a_bomb_is_refused():
    import resource

    data = bomb(9000, 9000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(5):
        with pytest.raises(Refused):
            draw(data)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kilobytes; unfolded it is 81,000


def test_a_file_over_eight_megabytes_is_refused_unread():
    with pytest.raises(Refused, match="larger than 8 MB"):
        draw(b"x" * (MOST_BYTES + 1))
