"""What the bar below the form of an article says of the publication checks, and where its link leads."""

import pytest
from django.test import Client
from django.urls import reverse

from education.articles.models import Article
from tests.cast import article, complete, logged_in, signed, staff
from tests.screens import body, links

pytestmark = pytest.mark.django_db


def said(client: Client, page: Article) -> str:
    address = reverse("admin:education_article_still_missing", args=[page.pk])
    assert f'data-address="{address}"' in body(client.get(reverse("admin:education_article_change", args=[page.pk])))
    return str(client.get(address).json()["words"])


def test_it_counts_what_editing_can_settle_then_asks_for_the_signature() -> None:
    erin = logged_in(staff("erin", "editor"))
    assert said(erin, article("gout", summary="", blocks=[])) == "6 things missing"
    page = complete()
    assert said(erin, page) == "The saved draft is ready to sign"
    signed(page)
    assert said(erin, page) == "All checks pass"


def test_it_leads_to_the_list_of_checks() -> None:
    erin, page = logged_in(staff("erin", "editor")), article("gout")
    review = reverse("admin:education_article_review", args=[page.pk])
    assert f"{review}#gate" in links(body(erin.get(reverse("admin:education_article_change", args=[page.pk]))))
    assert 'id="gate"' in body(erin.get(review))


def test_only_those_who_write_may_ask() -> None:
    address = reverse("admin:education_article_still_missing", args=[article("gout").pk])
    assert logged_in(staff("ines", "intake")).get(address).status_code == 403
