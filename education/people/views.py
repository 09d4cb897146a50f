"""The team, authors and reviewers, and the page of each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from education.core.http import public_page
from education.people.models import Credit, Person


@public_page(names_others=True)
def people(request: HttpRequest) -> HttpResponse:
    """Who works here, who else reviewed the pages, and who else wrote them."""
    team = Person.objects.team()
    reviewers = Person.objects.reviewers().exclude(on_team=True)
    writers = Person.objects.filter(credits__part=Credit.Part.WROTE, on_team=False).exclude(pk__in=reviewers)
    context = {"team": team, "reviewers": reviewers, "writers": writers.distinct().select_related("photo")}
    return render(request, "people/people.html", context)


@public_page(names_others=True)
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """An author or reviewer: who they are, their conflicts of interest, and the pages they wrote or reviewed."""
    found = get_object_or_404(Person.objects.select_related("photo"), slug=slug)
    credits = list(found.credits.all())
    page_lists = [
        {"title": title, "pages": [credit for credit in credits if credit.part == part]}
        for part, title in ((Credit.Part.WROTE, "Pages they wrote"), (Credit.Part.REVIEWED, "Pages they reviewed"))
    ]
    return render(request, "people/person.html", {"person": found, "page_lists": page_lists})
