"""Who signs: a clinician says who they are, anew or as somebody whom the site names already, before they first sign."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from education.accounts.models import User, staff
from education.articles import workflow
from education.articles.reviewing.forms import SignerForm
from education.core.text import whole_number
from education.people import actions as people
from education.people.models import Person, PersonQuerySet


@require_http_methods(["GET", "HEAD", "POST"])
def signer(request: HttpRequest) -> HttpResponse:
    """Ask a clinician who they are before they first sign."""
    user = staff(request)
    if not user.has_perm(workflow.MAY_SIGN):
        raise PermissionDenied
    person, is_linked = _who(request, user)
    form = SignerForm(request.POST or None, instance=person)
    next_url = request.GET.get("next", "")
    if request.method == "POST" and form.is_valid():
        linked = ["account"] if person.pk and not is_linked else []
        people.save_person(form.save(commit=False), changed=[*form.changed_data, *linked], by=user)
        is_ours = url_has_allowed_host_and_scheme(next_url, allowed_hosts=None)
        return HttpResponseRedirect(next_url if is_ours else reverse("admin:education_article_run"))
    context = {
        **admin.site.each_context(request),
        "title": "Who signs",
        "form": form,
        "next_url": next_url,
        "is_linked": is_linked,
        "others": [] if is_linked else _without_account().exclude(pk=person.pk),
    }
    return render(request, "admin/articles/signer.html", context, status=422 if form.errors else 200)


def _who(request: HttpRequest, user: User) -> tuple[Person, bool]:
    """The person of this account, and whether it is theirs already. `?person=` names one who has no account yet."""
    if mine := Person.objects.filter(account=user).first():
        return mine, True
    named = _without_account().filter(pk=whole_number(request.GET.get("person", "")) or 0).first()
    person = named or Person(name=user.get_full_name())
    person.account = user
    return person, False


def _without_account() -> PersonQuerySet:
    """Whom a clinician may be: the starter library is nobody, and so is somebody invented."""
    return Person.objects.filter(account=None, is_example=False).exclude(slug=Person.STARTER_LIBRARY)
