"""The page of one reference."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from education.core.http import public_page
from education.references.models import Reference


@public_page(names_others=True)
def reference(request: HttpRequest, key: str) -> HttpResponse:
    """The study, and every page that cites it."""
    found = next(iter(Reference.objects.filter(key=key).read_by_patients()), None)
    if found is None:
        raise Http404
    return render(request, "references/reference.html", {"reference": found, "cited_by": found.citations.all()})
