"""The page of one reference."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from education.core.http import public_page
from education.references.models import Reference


@public_page(names_others=True)
def reference(request: HttpRequest, key: str) -> HttpResponse:
    """The study, and every page that cites it."""
    found = get_object_or_404(Reference, key=key)
    return render(request, "references/reference.html", {"reference": found, "cited_by": found.citations.all()})
