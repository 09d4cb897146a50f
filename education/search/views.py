"""The search page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from education.core.http import no_store
from education.search.queries import LONGEST_QUERY, find


@no_store  # what someone searches for is theirs: no copy is kept on the way
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:LONGEST_QUERY].replace("\x00", "").strip()
    found = find(query)
    context = {"query": query, "results": found.results, "suggestion": found.suggestion, "total": len(found.results)}
    return render(request, "search/search.html", context)
