"""The picture library: adding, describing, serving and deleting a picture."""

import io
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image

from education.audit.models import AuditEvent
from education.images.actions import PictureInUse, delete_picture, used
from education.images.models import Picture, PictureUse
from education.images.pictures import TOO_MANY_BYTES
from tests.cast import (
    article,
    figure,
    ines_at_intake,
    live,
    logged_in,
    picture,
    published,
    rewritten,
    text,
)
from tests.each import of_each
from tests.images.uploads import POLYGLOTS, bomb, fill_disk
from tests.queries import asked
from tests.screens import body, form_data, plain_words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
LIST = "/admin/education/picture/"
ADD = f"{LIST}add/"


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


def test_where_a_picture_is_shown_is_noted_once_in_the_newest_title_or_is_an_error() -> None:
    shown = picture()
    used([shown.name, shown.name], path="/a/", title="Before")
    used([shown.name], path="/a/", title="Now")
    assert [(use.path, use.title) for use in shown.uses.all()] == [("/a/", "Now")]
    untitled: Any = None
    with pytest.raises(IntegrityError), transaction.atomic():
        used([shown.name], path="/b/", title=untitled)


def test_while_the_bucket_is_away_what_was_typed_stays(erin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(default_storage, "trouble", lambda: "EndpointConnectionError", raising=False)
    response = upload(erin, photo(), alt="A meadow at noon.")
    assert "The place where pictures are kept does not answer." in plain_words(body(response))
    assert "A meadow at noon." in body(response)
    assert not Picture.objects.exists()


def test_on_a_full_disk_the_form_comes_back_and_no_file_stays(erin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    stands = picture()
    _, before = default_storage.listdir("pictures")
    fill_disk(monkeypatch, room_for=2)
    changes = f"{LIST}{stands.pk}/change/"
    fields = {"alt": "A meadow at noon.", "caption": "", "credit": "", "focal_x": "10", "focal_y": "50"}
    for response in (upload(erin, photo(), alt="A meadow at noon."), erin.post(changes, fields)):
        assert response.status_code == 507
        shown = plain_words(body(response))
        assert "Nothing was saved: the server’s disk is full. Tell whoever looks after the server" in shown
        assert "A meadow at noon." in body(response)
    assert (Picture.objects.get().alt, default_storage.listdir("pictures")[1]) == ("A meadow.", before)


def test_an_upload_becomes_files_under_a_random_name(erin: Client) -> None:
    assert upload(erin, photo()).status_code == 302
    shown = Picture.objects.get()
    assert (shown.width, shown.height, shown.widths) == (1000, 500, [480, 960, 1000])
    _, names = default_storage.listdir("pictures")
    assert len(names) == 3 * 3 + 1
    assert all(name.startswith(shown.name) for name in names)
    assert AuditEvent.objects.latest("id").verb == "picture_added"


def test_whoever_uploads_a_picture_is_told_what_it_lost(erin: Client) -> None:
    page = erin.get(upload(erin, photo((5712, 4284)))["Location"])
    said = "The picture was changed. It had 5712 × 4284 pixels and is kept with 1600 × 1200."
    assert said in plain_words(body(page))
    assert "The picture was changed" not in body(erin.get(upload(erin, photo())["Location"]))


@of_each(
    [
        (None, "Choose a picture."),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "This is not a picture we can read. Use a JPEG, PNG, WebP or HEIC file.",
        ),
        (b"<html><script>alert(1)</script></html>", "This is not a picture we can read."),
        (bomb(9000, 9000), "This picture has more than 16 million pixels, too many for a PNG."),
        (POLYGLOTS["page"], "This file is a picture and something else at once."),
        (POLYGLOTS["script"], "This file is a picture and something else at once."),
        (b"x" * (settings.MAX_UPLOAD_MB * 1_000_000 + 1), TOO_MANY_BYTES),
        (b"x" * (settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1), TOO_MANY_BYTES),  # Django drops this one without a word
    ]
)
def test_an_unusable_file_is_refused_with_one_message_and_nothing_is_stored(
    case: tuple[bytes, str], erin: Client
) -> None:
    data, problem = case
    response = upload(erin, data)
    assert response.status_code == 200
    assert problem in plain_words(body(response))
    assert not Picture.objects.exists()
    assert not default_storage.exists("pictures")


def test_a_file_as_large_as_may_be_is_taken(erin: Client) -> None:
    whole = photo()
    assert upload(erin, whole + bytes(settings.MAX_UPLOAD_MB * 1_000_000 - len(whole))).status_code == 302


def test_a_picture_needs_a_text_alternative(erin: Client) -> None:
    response = upload(erin, photo(), alt=" ")
    assert "Fill this in." in body(response)
    assert "Choose the picture once more: it was not kept" in body(response)
    assert not Picture.objects.exists()


def test_browsers_cache_its_files_for_ever(client: Client) -> None:
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


def test_a_file_is_served_without_a_query(client: Client) -> None:
    shown = picture()
    assert asked(lambda: client.get(shown.url).close()) == 0


@pytest.mark.parametrize(
    "name",
    ["0123456789abcdef-480.jpg", "x.html", "..%2f..%2fclinic.sqlite3", "0123456789abcdef-480.svg", "%00", "a" * 500],
)
def test_no_other_file_is_served(client: Client, name: str) -> None:
    default_storage.save("pictures/x.html", io.BytesIO(b"<script>"))
    assert client.get(f"/media/pictures/{name}").status_code == 404


def test_a_new_focus_makes_a_new_square_at_a_new_address(erin: Client, django_capture_on_commit_callbacks: Any) -> None:
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


def test_a_focus_is_a_percentage(erin: Client) -> None:
    assert "less than or equal to 100" in body(upload(erin, photo(), focal_x="101"))


def test_an_unused_picture_is_deleted_with_its_files(erin: Client, django_capture_on_commit_callbacks: Any) -> None:
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
def test_a_picture_in_use_can_not_be_deleted_and_its_pages_are_named(erin: Client, show: Any) -> None:
    shown = picture()
    show(shown)
    response = erin.post(f"{LIST}{shown.pk}/delete/", {"post": "yes"}, follow=True)
    assert "This picture can’t be deleted. It is shown on: Lupus." in plain_words(body(response))
    assert Picture.objects.get() == shown
    assert default_storage.exists(shown.url.removeprefix("/media/"))
    with pytest.raises(PictureInUse):
        delete_picture(shown, by=None)


def test_publishing_twice_records_a_picture_once(erin: Client) -> None:
    shown = picture()
    edition = published("lupus", blocks=[figure(drawing="", picture=shown.name)] * 2)
    live(rewritten(edition.article, title="Lupus today"))
    assert PictureUse.objects.count() == 1
    assert edition.path in body(erin.get(f"{LIST}{shown.pk}/change/"))


def test_only_staff_who_write_pages_see_the_library(client: Client) -> None:
    shown = picture()
    ines = logged_in(ines_at_intake())
    for path in (LIST, ADD, f"{LIST}{shown.pk}/change/", f"{LIST}{shown.pk}/delete/"):
        assert client.get(path).status_code == 302
        assert ines.get(path).status_code == 403
    assert upload(ines, photo()).status_code == 403


def test_the_list_takes_as_many_queries_for_three_pictures_as_for_one(erin: Client) -> None:
    def opened() -> None:
        assert erin.get(LIST).status_code == 200

    picture()
    opened()
    one = asked(opened)
    picture()
    picture()
    assert asked(opened) == one
