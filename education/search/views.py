"""The search page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from education.core.http import no_store
from education.search.queries import MAX_QUERY_LENGTH, MAX_RESULTS, find


@no_store  # what somebody searches for is private: no cache on the way may store it
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:MAX_QUERY_LENGTH].replace("\x00", "").strip()
    found = find(query)
    pages, mentions = found.hits()
    total = len(pages) + len(mentions)
    has_more = found.is_cut and total == MAX_RESULTS  # else it was worth leaving some out
    context = {
        "query": query, "found": found, "pages": pages, "mentions": mentions, "total": total, "has_more": has_more
    }  # fmt: skip
    return render(request, "search/search.html", context)
