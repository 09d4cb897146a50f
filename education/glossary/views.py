"""The glossary as patients read it."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from education.core.http import public_page
from education.core.text import folded
from education.glossary.actions import TITLE
from education.glossary.models import Term


@public_page
def glossary(request: HttpRequest) -> HttpResponse:
    terms = sorted(Term.objects.read_by_patients(), key=lambda term: folded(term.term))
    letters = [
        {"letter": letter.upper(), "terms": list(found)}
        for letter, found in groupby(terms, key=lambda term: folded(term.term)[:1])
    ]
    any_signed = any(term.is_signed for term in terms)
    return render(request, "glossary/glossary.html", {"title": TITLE, "letters": letters, "any_signed": any_signed})
