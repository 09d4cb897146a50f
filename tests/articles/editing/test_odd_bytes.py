"""NUL, invalid UTF-8 and other characters that nobody types get a helpful response, never a server error."""

from collections.abc import Iterator
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.test import Client

from education.articles.content.canonical import draft_content
from education.articles.models import Article
from tests.articles.writing import TEXT, Opened, address, said
from tests.cast import article, erin_the_editor, every_block, logged_in, published
from tests.each import of_each
from tests.screens import Data, body, form_data

pytestmark = pytest.mark.django_db
ODD = [b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xc3", b"\xf4\x90\x80\x80", b"a\x00b\x1bc"]
ESCAPED = [quote(bytes_) for bytes_ in ODD] + [
    "%",
    "%zz",
    "%25%30%30",
    "..%2f..%2fetc%2fpasswd",
    "%E2%80%AE",
    "a" * 5000,
]
ADDRESSES = [
    "/{}/",
    "/autoimmune-conditions/{}/",
    "/{}/lupus/",
    "/references/{}/",
    "/static/{}",
    "/media/logo/{}",
    "/media/pictures/{}",
    "/search/?q={}",
    "/search/?q=lupus&{}=1",
    "/a-z/?{}",
    "/admin/{}/",
]


@pytest.fixture
def lupus(db: None) -> None:
    published("lupus")


@pytest.mark.thorough
@of_each(ESCAPED)
def test_an_address_with_odd_bytes_gets_a_response(odd: str, client: Client, lupus: None) -> None:
    for where in ADDRESSES:
        response = client.get(where.format(odd))
        assert response.status_code in (200, 301, 302, 404), where
    assert client.get(f"/{odd}/").status_code == 404


def encoded(data: Data) -> Iterator[bytes]:
    for name, values in data.items():
        for value in values:
            yield quote(name).encode() + b"=" + quote(value).encode()


WORDS = ["title", "summary", "aliases", "education_textblock_set-0-body", "education_keypointsblock_set-0-items"]


@pytest.mark.thorough
@pytest.mark.parametrize("odd", ODD)
def test_odd_bytes_in_a_draft_are_cleaned_or_refused(odd: bytes) -> None:
    draft = article("lupus", blocks=every_block())
    change = f"/admin/education/article/{draft.pk}/change/"
    erin = logged_in(erin_the_editor())
    whole_form = form_data(body(erin.get(change)), "article_form")
    sent = [*encoded({name: values for name, values in whole_form.items() if name not in WORDS})]
    sent += [name.encode() + b"=Words" + quote(odd).encode() for name in WORDS]
    response = erin.post(change, b"&".join(sent), content_type="application/x-www-form-urlencoded")
    assert response.status_code == (200 if b"\x00" in odd else 302)
    if response.status_code == 200:
        assert "Null characters are not allowed." in body(response)
        assert Article.objects.get().title == "Lupus"
        return
    erin.post(f"/admin/education/article/{draft.pk}/publish/", {"reason": "odd"})
    for path in ("/autoimmune-conditions/lupus/", "/", "/a-z/", "/search/?q=words"):
        assert "Words" in body(erin.get(path))
    for path in ("/feed/", "/sitemap.xml"):
        ElementTree.fromstring(erin.get(path).content)


DAMAGE = {"zero": "\x00", "digits": "9" * 5000}


@pytest.fixture
def form(erin: Client) -> Opened:
    return Opened(erin, article("lupus"))


@of_each(["title", "education_textblock_set-TOTAL_FORMS", "education_riskblock_set-TOTAL_FORMS"], DAMAGE)
def test_a_form_with_damaged_hidden_fields_is_refused_with_an_explanation(
    field: str, damage: str, erin: Client, form: Opened
) -> None:
    before = draft_content(Article.objects.get())
    response = erin.post(address("change", form.draft), form.fields | {field: DAMAGE[damage], "_continue": "x"})
    assert response.status_code == 200
    assert "Error" in body(response)
    assert draft_content(Article.objects.get()) == before


@pytest.mark.parametrize("damage", ["\x00", "9" * 5000], ids=["zero", "digits"])
def test_a_block_whose_key_was_damaged_keeps_its_words(damage: str) -> None:
    draft = article("lupus")
    before = draft_content(draft)
    change = f"/admin/education/article/{draft.pk}/change/"
    erin = logged_in(erin_the_editor())
    whole_form = form_data(body(erin.get(change)), "article_form")
    erin.post(change, whole_form | {"education_textblock_set-0-id": damage, "_continue": "x"})
    assert draft_content(Article.objects.get()) == before


@pytest.mark.thorough
def test_admin_lists_can_be_searched_for_anything() -> None:
    published("lupus")
    erin = logged_in(erin_the_editor())
    for odd in ESCAPED:
        for query in (f"q={odd}", f"state={odd}", f"topic__id__exact={odd}", f"p={odd}", f"{odd}=1"):
            assert erin.get(f"/admin/education/article/?{query}").status_code in (200, 302, 400), query


def test_lists_three_hundred_deep_are_saved_with_every_word(erin: Client) -> None:
    draft = article("lupus")
    form = Opened(erin, draft).type(**{f"{TEXT}-0-body": "".join(f"<ul><li>w{number}" for number in range(300))})
    assert form.save().status_code == 302
    assert said(draft)[0].split() == [f"w{number}" for number in range(300)]


def test_a_text_with_too_much_formatting_is_refused_and_kept_in_the_form(erin: Client) -> None:
    form = Opened(erin, article("lupus")).type(**{f"{TEXT}-0-body": "<p><em>typed</em></p>" * 1000})
    assert form.save().status_code == 200
    assert "Divide it among several blocks." in form.page
    assert form.page.count("typed") >= 1000
