"""Who may open which admin address: one table, checked by requests, that covers every address."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from education.accounts.roles import ROLES
from tests import cast
from tests.consultations import asking
from tests.each import of_each

pytestmark = pytest.mark.django_db
EVERYBODY = set(ROLES)
WRITERS = {"editor", "clinician"}
REQUESTS = {"clinician", "intake"}
PROFILE = {"manager", "administrator"}
NOBODY: set[str] = set()
# First part of an address below /admin/ that matches: who may open it. Longer ones come first.
MATRIX: dict[str, set[str]] = {
    "education/consultationrequest/<path:object_id>/": NOBODY,
    "education/consultationrequest/export/": NOBODY,  # a manager who is also intake or clinician
    "education/consultationrequest/<int:pk>/person/": NOBODY,
    "education/consultationrequest/": REQUESTS,
    "education/screeningquestion/": {"clinician", "manager"},
    "education/replytemplate/": {"manager"},
    "education/intakepause/": {"intake", "manager"},
    "education/auditevent/": {"administrator"},
    "education/clinicprofile/": PROFILE,
    "education/user/": {"administrator"},
    "education/article/": {*WRITERS, "manager"},
    "education/plainword/": WRITERS,
    "words-waiting/sign/": {"clinician"},
    "words-waiting/": {*WRITERS, "manager"},
    "drawings/": {*WRITERS, "manager"},
    "review-board/": {*WRITERS, "manager"},
    "education/topic/": {*WRITERS, "manager"},
    "education/redirect/": {*WRITERS, "manager"},
    "education/reference/": WRITERS,
    "education/person/": {*WRITERS, "manager"},
    "education/picture/": WRITERS,
    "education/bulletin/": WRITERS,
    "education/term/": WRITERS,
    "desk/load-examples/": REQUESTS,
    "desk/remove-examples/": PROFILE | REQUESTS,
    "desk/dismiss-mail/": PROFILE,
    "desk/retry-mail/": PROFILE,
    "education/": EVERYBODY,
    "autocomplete/": EVERYBODY,
    "r/<path:content_type_id>/<path:object_id>/": EVERYBODY,
    "jsi18n/": EVERYBODY,
    "login/": EVERYBODY,
    "logout/": EVERYBODY,
    "password_change/": EVERYBODY,
    "password_change/done/": EVERYBODY,
    "": EVERYBODY,
}
VERBS = ("change", "print", "copy", "claim", "note", "close", "reply", "call_back", "no_answer", "spam", "history")


def addresses(patterns: list[Any], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


ROUTES = [route for route in addresses(get_resolver().url_patterns) if route.startswith("admin/")]
ADMIN = sorted({route.removeprefix("admin/") for route in ROUTES})


def who_may(route: str) -> set[str]:
    matching = [start for start in MATRIX if route.startswith(start) and (start or not route)]
    assert matching, f"No line of the matrix says who may open /admin/{route}"
    return MATRIX[max(matching, key=len)]


def filled_in(route: str, pk: int) -> str:
    for part in ("<int:pk>", "<path:object_id>", "<path:content_type_id>", "<int:number>", "<int:edition>"):
        route = route.replace(part, str(pk))
    return f"/admin/{route}"


@pytest.fixture
def row(db: None) -> Any:
    cast.clinic()
    return asking.request()


@pytest.mark.thorough
@pytest.mark.parametrize("role", ROLES)
def test_no_admin_address_opens_for_a_role_that_the_matrix_leaves_out(role: str, row: Any) -> None:
    client = cast.logged_in(cast.staff("anna", role))
    for route in ADMIN:
        if route.startswith("^") or "(?P" in route or role in who_may(route):
            continue
        path = filled_in(route, row.pk)
        for response in (client.get(path), client.post(path, {"x": "1"})):
            assert response.status_code in (302, 403, 404, 405), (path, response.status_code)
            if response.status_code == 302 and not response["Location"].startswith(("/accounts/", "http")):
                where = response["Location"]  # to the desk, or to an address that is refused too
                assert where == "/admin/" or client.get(where).status_code in (403, 404), path
            assert row.reference not in response.content.decode(), path


SCRIPTS = ("/unsaved/keep/",)  # what only scripts post to


@pytest.mark.thorough
def test_no_admin_address_answers_with_a_bare_refusal_to_who_comes_back_after_a_log_in(row: Any) -> None:
    """The log-in leads to the address that was asked for, and a browser then gets it."""
    client = cast.just_logged_in(cast.staff("anna", *ROLES))
    for route in ADMIN:
        if route.startswith("^") or "(?P" in route or route.endswith(SCRIPTS):
            continue
        path = filled_in(route.replace("<int:version>", "1"), row.pk)
        assert client.get(path).status_code != 405, path


@of_each(ROLES)
def test_the_lists_open_for_the_roles_that_the_matrix_names(role: str, row: Any) -> None:
    client = cast.logged_in(cast.staff("anna", role))
    for start, may in MATRIX.items():
        if start.count("/") == 2 and start.startswith("education/") and start[:-1] + "/" in ADMIN:
            status = client.get(f"/admin/{start}", follow=True).status_code
            assert (status == 200) is (role in may), (role, start, status)


def test_every_admin_address_is_in_the_matrix() -> None:
    for route in ADMIN:
        if not route.startswith("^") and "(?P" not in route:
            who_may(route)
    assert len(ADMIN) > 60


@of_each(sorted(set(ROLES) - REQUESTS))
def test_other_roles_learn_nothing_about_a_request(role: str, row: Any) -> None:
    client = cast.logged_in(cast.staff("anna", role))
    for verb in VERBS:
        path = f"/admin/education/consultationrequest/{row.pk}/{verb}/"
        for response in (client.get(path), client.post(path, {"text": "x", "template": "1", "reason": "answered"})):
            assert response.status_code in (403, 404, 405), verb
            assert "Ana Ruiz" not in response.content.decode(), verb
        row.refresh_from_db()
        assert row.status == "new", verb


@of_each(
    [(["manager"], False), (["intake"], False), (["administrator"], False), (["manager", "intake"], True)],
    ["export/", "{pk}/person/"],
)
def test_exporting_and_erasing_needs_the_manager_role_and_one_that_sees_requests(
    case: tuple[list[str], bool], path: str, row: Any
) -> None:
    names, opens = case
    client = cast.just_logged_in(cast.staff("anna", *names), confirmed=True)
    status = client.get(f"/admin/education/consultationrequest/{path.format(pk=row.pk)}").status_code
    assert (status == 200) is opens


def test_autocomplete_gives_no_requests_to_anybody(row: Any) -> None:
    for role in ROLES:
        client = cast.logged_in(cast.staff(role, role))
        query = {"app_label": "education", "model_name": "consultationrequest", "field_name": "assignee", "term": "a"}
        response = client.get("/admin/autocomplete/", query)
        # Whoever manages accounts may look for accounts; nobody finds a request this way.
        assert response.status_code == (200 if role == "administrator" else 403)
        assert row.reference not in response.content.decode()
