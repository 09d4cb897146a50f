"""What all screens of the admin have in common. No list can be filtered by more than it offers, whoever asks."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import DateField
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertHTMLEqual

from education.accounts.models import User
from education.accounts.roles import ROLES
from education.articles.models import Article
from education.consultations.models import ConsultationRequest, IntakePause
from education.core.admin import ClinicAdmin, ListedFilters, PlainWords
from education.wording.models import SitePlace
from tests import cast
from tests.screens import body

pytestmark = pytest.mark.django_db
SCREENS = sorted(admin.site._registry.items(), key=lambda entry: entry[0].__name__)
WAYS = ("", "__regex", "__iregex", "__startswith", "__contains", "__gt", "__in")
COLUMNS = ("password", "summary", "assignee__password", "owner__password", "author__account__password")
OWN_LISTS = (ConsultationRequest, SitePlace)  # read the parameters that they know, and no others


def address(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def unlisted(model: Any) -> list[str]:
    """Every column of the model, and some of others, in ways that no filter uses."""
    own = [field.name for field in model._meta.get_fields() if field.concrete]
    ways = [f"{column}{way}" for column in (*own, *COLUMNS) for way in WAYS]
    screen: Any = admin.site._registry[model]
    named = [item[0] if isinstance(item, tuple) else item for item in screen.list_filter]
    offered = [item if isinstance(item, str) else item.parameter_name for item in named]
    return [way for way in ways if way not in offered]


def test_every_screen_is_built_on_the_base_that_lists_its_filters() -> None:
    assert len(SCREENS) > 12
    assert [model for model, screen in SCREENS if not isinstance(screen, ListedFilters)] == []


def test_days_are_chosen_with_the_browsers_own_calendar_on_every_screen() -> None:
    """A screen with widgets of its own for other fields once lost this one, and had links of 19 pixels for it."""
    others = [
        f"{model.__name__}.{field.name}"
        for model, screen in SCREENS
        for field in model._meta.fields
        if type(field) is DateField and field.editable and isinstance(screen, ClinicAdmin)
        and getattr(screen.formfield_for_dbfield(field, RequestFactory().get("/")).widget, "input_type", "") != "date"
    ]  # fmt: skip
    assert others == []


def test_the_box_of_a_row_is_the_one_that_django_draws_in_a_label_that_names_the_row() -> None:
    screen, row = admin.site._registry[Article], Article(pk=7, title='One "two" & <three>')
    assert isinstance(screen, PlainWords)
    drawn = admin.ModelAdmin.action_checkbox(screen, row).replace("Select this object for an action -", "Check")
    assertHTMLEqual(screen.action_checkbox(row), f'<label class="row-box">{drawn}</label>')


def test_the_list_of_all_screens_is_put_together_for_the_desk_alone(
    clara: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    build = admin.AdminSite._build_app_dict

    def counted(site: Any, request: Any, label: str | None = None) -> Any:
        made.append(request.path)
        return build(site, request, label)

    monkeypatch.setattr(admin.AdminSite, "_build_app_dict", counted)
    for path in (address(Article), address(ConsultationRequest), "/admin/education/term/add/"):
        assert clara.get(path).status_code == 200
    assert made == []
    assert 'href="/admin/education/term/"' in clara.get("/admin/").content.decode()
    assert set(made) == {"/admin/"}


@pytest.mark.thorough
@pytest.mark.parametrize("role", ROLES)
def test_a_filter_that_is_not_offered_is_refused_and_no_query_runs(role: str) -> None:
    client = cast.logged_in(cast.staff("anna", role))
    cast.clinic()
    opened = 0
    for model, _ in SCREENS:
        path = address(model)
        if client.get(path).status_code != 200:
            continue
        opened += 1
        for lookup in ("password__regex", "summary__regex", "password__startswith", unlisted(model)[-1]):
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(path, {lookup: "(a+)+$"})
            assert answer.status_code == 400 or model in OWN_LISTS, (path, lookup, answer.status_code)
            assert not [query for query in queries if "a+" in query["sql"]], (path, lookup)
    assert opened


def test_no_screen_allows_any_column_in_any_other_way(rf: Any) -> None:
    request = rf.get("/")
    request.user = User(is_superuser=True, is_active=True)
    for model, screen in SCREENS:
        assert [way for way in unlisted(model) if screen.lookup_allowed(way, "x", request)] == [], model


def test_the_filters_that_are_offered_work(clara: Client) -> None:
    cast.reference("younger-2013", kind="rct")
    cast.reference("older-2003", kind="review")
    page = clara.get("/admin/education/reference/", {"kind__exact": "rct"}).content.decode()
    assert "younger-2013" in page
    assert "older-2003" not in page
    cast.article("lupus", topic=cast.topic("autoimmune-conditions"))
    cast.article("pain", topic=cast.topic("chronic-pain"))
    page = clara.get("/admin/education/article/", {"topic__id__exact": cast.topic("chronic-pain").pk}).content.decode()
    assert "Pain" in page
    assert "Lupus" not in page


def test_the_trail_is_filtered_by_what_was_done() -> None:
    client = cast.logged_in(cast.adam_the_administrator())
    assert client.get("/admin/education/auditevent/", {"verb": "roles_assigned"}).status_code == 200
    assert client.get("/admin/education/auditevent/", {"digest__startswith": "a"}).status_code == 400


def test_a_field_without_a_name_is_no_field() -> None:
    """Django's admin looks for it, and falls over."""
    client = cast.logged_in(cast.staff("anna", *ROLES))
    row = cast.reference()
    for verb in ("change", "history", "delete"):
        answer = client.get(f"/admin/education/reference/{row.pk}/{verb}/", {"_to_field": ""})
        assert answer.status_code in (200, 403), verb


def test_an_empty_list_says_how_to_begin_and_counts_nothing() -> None:
    pauses = "/admin/education/intakepause/"
    whoever_may_add = cast.logged_in(cast.staff("mary", "manager"))
    shown = body(whoever_may_add.get(pauses))
    name = str(IntakePause._meta.verbose_name)
    assert f"Nothing here yet. Begin with “New {name}”." in shown
    assert 'class="paginator"' not in shown


def test_a_refused_field_says_why_between_its_label_and_itself_and_labels_have_no_colon() -> None:
    """As in all our forms: Django says it above the label."""
    erin = cast.logged_in(cast.erin_the_editor())
    page = body(erin.post(reverse("admin:education_picture_add"), {}))
    label, field = page.index('for="id_alt"'), page.index(' id="id_alt"')
    assert label < page.index('<ul class="errorlist"', label) < field
    assert ">Text alternative</label>" in page
