"""What the forms of a page and of a topic ask for, and in which order."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from education.accounts.models import User
from tests.cast import article, logged_in, topic
from tests.screens import body

pytestmark = pytest.mark.django_db


def test_the_form_of_a_topic_begins_with_its_title_and_has_room_for_its_introduction() -> None:
    boss = logged_in(User.objects.create_superuser("boss"))
    page = body(boss.get(f"/admin/education/topic/{topic().pk}/change/"))
    assert re.findall(r'<(\w+)[^>]* name="(title|slug|summary)"', page) == [
        ("input", "title"),
        ("input", "slug"),
        ("textarea", "summary"),
    ]
    assert "the lowest number comes first" in page


def test_what_is_folded_in_the_form_is_named_above_it(erin: Client) -> None:
    assert "Language, other names and author</h2>" in body(erin.get("/admin/education/article/add/"))
    change = reverse("admin:education_article_change", args=[article().pk])
    assert "Topic, address and author</h2>" in body(erin.get(change))
