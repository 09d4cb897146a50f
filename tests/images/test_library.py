"""The library of pictures: adding, describing, serving and deleting one."""

import io
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from education.audit.models import AuditEvent
from education.images.actions import PictureInUse, delete
from education.images.models import Picture, PictureUse
from education.images.pictures import TOO_MANY_BYTES
from tests.cast import (
    article,
    erin_the_editor,
    figure,
    ines_at_intake,
    live,
    logged_in,
    picture,
    published,
    rewritten,
    text,
)
from tests.images.test_pictures import POLYGLOTS, bomb
from tests.screens import body, form_data, plain_words

pytestmark = pytest.mark.django_db
LIST = "/admin/education/picture/"
ADD = f"{LIST}add/"


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def erin() -> Client:
    return logged_in(erin_the_editor())


def photo(size: tuple[int, int] = (1000, 500)) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size, "teal").save(data, "JPEG")
    return data.getvalue()


def upload(client: Client, data: bytes | None, name: str = "my home.jpg", **words: str) -> Any:
    fields: dict[str, Any] = {
        "alt": "A meadow.",
        "caption": "",
        "credit": "",
        "focal_x": "50",
        "focal_y": "50",
        **words,
    }
    if data is not None:
        fields["file"] = SimpleUploadedFile(name, data)
    return client.post(ADD, fields)


def test_an_upload_becomes_files_under_a_name_that_says_nothing(erin: Client) -> None:
    assert upload(erin, photo()).status_code == 302
    shown = Picture.objects.get()
    assert (shown.width, shown.height, shown.widths) == (1000, 500, [480, 960, 1000])
    _, names = default_storage.listdir("pictures")
    assert len(names) == 3 * 3 + 1
    assert all(name.startswith(shown.name) for name in names)
    assert AuditEvent.objects.latest("id").verb == "picture_added"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (None, "Choose a picture."),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "This is not a picture we can read. Use a JPEG, PNG or WebP file.",
        ),
        (b"<html><script>alert(1)</script></html>", "This is not a picture we can read."),
        (bomb(9000, 9000), "This picture has more than 24 million pixels."),
        (POLYGLOTS["page"], "This file is a picture and something else at once."),
        (POLYGLOTS["script"], "This file is a picture and something else at once."),
        (b"x" * (settings.MAX_UPLOAD_MB * 1_000_000 + 1), TOO_MANY_BYTES),
        (b"x" * (settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1), TOO_MANY_BYTES),  # Django drops this one without a word
    ],
    ids=["none", "svg", "html", "bomb", "page", "script", "heavy", "heavier than Django keeps"],
)
def test_what_can_not_be_used_is_refused_in_one_line_and_nothing_is_kept(
    erin: Client, data: bytes, problem: str
) -> None:
    response = upload(erin, data)
    assert response.status_code == 200
    assert problem in plain_words(body(response))
    assert not Picture.objects.exists()
    assert not default_storage.exists("pictures")


def test_a_file_as_large_as_may_be_is_taken(erin: Client) -> None:
    whole = photo()
    assert upload(erin, whole + bytes(settings.MAX_UPLOAD_MB * 1_000_000 - len(whole))).status_code == 302


def test_a_picture_needs_words(erin: Client) -> None:
    response = upload(erin, photo(), alt=" ")
    assert "This field is required." in body(response)
    assert not Picture.objects.exists()


def test_its_files_are_kept_by_browsers_for_ever(client: Client) -> None:
    shown = picture()
    for extension, kind in (("avif", "image/avif"), ("webp", "image/webp"), ("jpg", "image/jpeg")):
        response = client.get(f"/media/pictures/{shown.name}-480.{extension}")
        assert response.status_code == 200
        assert response["Content-Type"] == kind
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert b"".join(response.streaming_content)
    square = client.get(shown.square_url)
    assert Image.open(io.BytesIO(b"".join(square.streaming_content))).size == (320, 320)


def test_a_file_is_served_without_asking_the_database(client: Client) -> None:
    shown = picture()
    with CaptureQueriesContext(connection) as queries:
        client.get(shown.url).close()
    assert len(queries) == 0


@pytest.mark.parametrize(
    "name",
    ["0123456789abcdef-480.jpg", "x.html", "..%2f..%2fclinic.sqlite3", "0123456789abcdef-480.svg", "%00", "a" * 500],
)
def test_nothing_else_is_served(client: Client, name: str) -> None:
    default_storage.save("pictures/x.html", io.BytesIO(b"<script>"))
    assert client.get(f"/media/pictures/{name}").status_code == 404


def test_a_new_focus_cuts_a_new_square_under_a_new_address(
    erin: Client, django_capture_on_commit_callbacks: Any
) -> None:
    shown = picture()
    old = shown.square_url
    path = f"{LIST}{shown.pk}/change/"
    page = form_data(body(erin.get(path)), "picture_form")
    with django_capture_on_commit_callbacks(execute=True):
        erin.post(path, page | {"focal_x": "0", "alt": "Other words."})
    shown.refresh_from_db()
    assert (shown.alt, shown.focal_x) == ("Other words.", 0)
    assert shown.square_url != old
    assert default_storage.exists(shown.square_url.removeprefix("/media/"))
    assert not default_storage.exists(old.removeprefix("/media/"))


def test_a_focus_is_a_share_of_the_picture(erin: Client) -> None:
    assert "less than or equal to 100" in body(upload(erin, photo(), focal_x="101"))


def test_a_picture_that_nothing_shows_is_deleted_with_its_files(
    erin: Client, django_capture_on_commit_callbacks: Any
) -> None:
    shown = picture()
    with django_capture_on_commit_callbacks(execute=True):
        erin.post(f"{LIST}{shown.pk}/delete/", {"post": "yes"})
    assert not Picture.objects.exists()
    assert default_storage.listdir("pictures")[1] == []


def in_a_draft(shown: Picture) -> None:
    article("lupus", blocks=[figure(drawing="", picture=shown.name)])


def in_an_old_edition(shown: Picture) -> None:
    edition = published("lupus", blocks=[figure(drawing="", picture=shown.name)])
    live(rewritten(edition.article, text("<p>No picture.</p>")))


@pytest.mark.parametrize("show", [in_a_draft, in_an_old_edition])
def test_a_picture_in_use_stays_and_we_say_where_it_is_shown(erin: Client, show: Any) -> None:
    shown = picture()
    show(shown)
    response = erin.post(f"{LIST}{shown.pk}/delete/", {"post": "yes"}, follow=True)
    assert "This picture can’t be deleted. It is shown on: Lupus." in plain_words(body(response))
    assert Picture.objects.get() == shown
    assert default_storage.exists(shown.url.removeprefix("/media/"))
    with pytest.raises(PictureInUse):
        delete(shown, by=None)


def test_publishing_twice_notes_a_picture_once(erin: Client) -> None:
    shown = picture()
    edition = published("lupus", blocks=[figure(drawing="", picture=shown.name)] * 2)
    live(rewritten(edition.article, title="Lupus today"))
    assert PictureUse.objects.count() == 1
    assert edition.path in body(erin.get(f"{LIST}{shown.pk}/change/"))


def test_only_those_who_write_pages_see_the_library(client: Client) -> None:
    shown = picture()
    ines = logged_in(ines_at_intake())
    for path in (LIST, ADD, f"{LIST}{shown.pk}/change/", f"{LIST}{shown.pk}/delete/"):
        assert client.get(path).status_code == 302
        assert ines.get(path).status_code == 403
    assert upload(ines, photo()).status_code == 403


def test_the_list_asks_equally_often_for_one_picture_or_three(erin: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert erin.get(LIST).status_code == 200
        return len(queries)

    picture()
    erin.get(LIST)
    one = asked()
    picture()
    picture()
    assert asked() == one
