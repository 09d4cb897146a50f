"""The clinic's accent color (for the staff area) and logo, as files; how to reach it; its authors and reviewers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import condition, require_safe

from education.clinic.context import profile_for
from education.clinic.hours import open_now
from education.clinic.models import ClinicProfile, Credit, Person
from education.core.http import public_page
from education.images.serving import stored_file

TYPES = {"png": "image/png", "webp": "image/webp"}


def _etag(request: HttpRequest) -> str:
    return f'"{ClinicProfile.load().accent}"'


@require_safe
@condition(etag_func=_etag)
def theme(request: HttpRequest) -> HttpResponse:
    css = f"{ClinicProfile.load().accent_css}\n"
    return HttpResponse(css, content_type="text/css; charset=utf-8", headers={"Cache-Control": "public, no-cache"})


@require_safe
def logo(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serves the current logo and no other file of the media folder. A new logo gets a new name."""
    clinic = ClinicProfile.load()
    if not clinic.logo or clinic.logo.name != f"logo/{name}":
        raise Http404
    return stored_file(clinic.logo.name, TYPES[name.rpartition(".")[2]])


@public_page(names_others=True, by_clock=True)
def contact(request: HttpRequest) -> HttpResponse:
    """How to reach the clinic, and what its profile says about a visit."""
    return render(request, "clinic/contact.html", {"open_now": open_now(profile_for(request))})


@public_page(names_others=True)
def people(request: HttpRequest) -> HttpResponse:
    """Who works here, who else reviewed the pages, and who else wrote them."""
    team = Person.objects.team()
    reviewers = Person.objects.reviewers().exclude(on_team=True)
    writers = Person.objects.filter(credits__part=Credit.Part.WROTE, on_team=False).exclude(pk__in=reviewers)
    context = {"team": team, "reviewers": reviewers, "writers": writers.distinct().select_related("photo")}
    return render(request, "clinic/people.html", context)


@public_page(names_others=True)
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """An author or reviewer: who they are, their conflicts of interest, and the pages they wrote or reviewed."""
    found = get_object_or_404(Person.objects.select_related("photo"), slug=slug)
    credits = list(found.credits.all())
    page_lists = [
        {"title": title, "pages": [credit for credit in credits if credit.part == part]}
        for part, title in ((Credit.Part.WROTE, "Pages they wrote"), (Credit.Part.REVIEWED, "Pages they reviewed"))
    ]
    return render(request, "clinic/person.html", {"person": found, "page_lists": page_lists})
