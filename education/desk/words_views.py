"""Where a clinician reads the words that wait, and signs them with one tap."""

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from education.accounts.models import User, staff
from education.articles import workflow
from education.articles.publishing import signing
from education.clinic.models import ClinicProfile
from education.core.http import by_button
from education.core.text import after_colon, counted, whole_number
from education.desk import words
from education.wording import actions


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    user = staff(request)
    if not user.has_perm(workflow.MAY_VIEW):
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        "title": "Words waiting for a signature",
        "groups": words.groups(user),
        "may_sign": user.has_perm(workflow.MAY_SIGN),
        "person": signing.signer(user),
        "may_open": [kind.name for kind in words.KINDS if user.has_perm(f"education.view_{kind.name}")],
    }
    return render(request, "admin/desk/words.html", context)


@permission_required(workflow.MAY_SIGN, raise_exception=True)
@by_button(lambda: reverse("words_waiting"))
def sign(request: HttpRequest) -> HttpResponse:
    """Sign what is named in `words`: each a kind, a row and the SHA-256 of the words that were on the screen."""
    user = staff(request)
    screen = reverse("words_waiting")
    person = signing.signer(user)
    if person is None:
        return HttpResponseRedirect(f"{reverse('admin:education_article_signer')}?next={screen}")
    seen = _on_the_screen(request.POST.getlist("words"))
    done = sum(_signed(request, kind, seen[kind], name=str(person), by=user) for kind in seen)
    if done:
        messages.success(request, f"You signed {counted(done, 'passage')}. Patients read them now.")
    return redirect(screen)


def _on_the_screen(tokens: list[str]) -> dict[words.Kind, dict[int, str]]:
    """The SHA-256 of the words that were read, by kind and key of their row."""
    seen: dict[words.Kind, dict[int, str]] = {}
    for token in tokens:
        name, _, rest = token.partition(" ")
        key, _, sha256 = rest.partition(" ")
        kind, number = words.kind_named(name), whole_number(key)
        if kind is None or number is None:
            raise Http404
        seen.setdefault(kind, {})[number] = sha256
    return seen


def _signed(request: HttpRequest, kind: words.Kind, seen: dict[int, str], *, name: str, by: User) -> int:
    """How many could be signed; of the others, which go on waiting, the person is told why."""
    with transaction.atomic():
        second_person = ClinicProfile.load().second_person_signs
        outcome = actions.sign(kind.model, seen, name=name, second_person=second_person, by=by)
        if outcome.signed:
            kind.then(outcome.signed)
    if len(seen) > len(outcome.signed) + len(outcome.refused):
        messages.error(request, "Somebody deleted some of these words meanwhile.")
    for row, why in outcome.refused:
        messages.error(request, f"“{row}”: {after_colon(str(why))}")
    return len(outcome.signed)
