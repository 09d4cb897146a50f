"""Every page under its title and the other names that it uses, from A to Z.

On one page while they are few (`search.names.MAX_NAMES`), as a clinic’s site begins. Later each letter has a list of
its own, and a letter with many names leads on to shorter lists.
"""

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from education.core.http import no_store, public_page
from education.search import names
from education.search.models import ListedName


@public_page
def a_to_z(request: HttpRequest) -> HttpResponse:
    """The list of all names; where there are too many, of the letters that they begin with. `search.actions` says when
    it is outdated.
    """
    found = names.listed()
    context = {"is_whole": True, "groups": _by_letter(found.names)}
    if found.beginnings:
        context |= {"letters": _letters(beginning.words for beginning in found.beginnings), "is_by_letter": True}
    return render(request, "articles/a_to_z.html", context)


def of_letter(request: HttpRequest, letter: str, begins: str = "") -> HttpResponseBase:
    """The names that begin so. Where no list is needed or nothing begins so, the list above it answers."""
    asked = names.beginning_of(begins or letter)
    if len(names.beginning_of(letter)) != 1 or not asked.startswith(names.beginning_of(letter)):
        raise Http404
    address = _address_now(asked)
    return _list(request, asked) if address == request.path_info else _elsewhere(request, address)


def _address_now(begins: str) -> str:
    """The address of the list that has the names with this beginning at present."""
    if not names.are_many():
        return f"{names.ADDRESS}#letter-{begins[0]}" if names.beginning_with(begins[0]).exists() else names.ADDRESS
    for shorter in (begins, begins[0]):
        if names.beginning_with(shorter).exists() and (len(shorter) == 1 or names.are_many(begins[0])):
            return names.address_of(shorter)
    return names.ADDRESS


@public_page
def _list(request: HttpRequest, begins: str) -> HttpResponse:
    found = names.listed(begins)
    context = {
        "begins": _shown(begins),
        "above": {"letter": begins[0].upper(), "path": names.address_of(begins[0])} if begins[1:] else None,
        "letters": [] if begins[1:] else _letters(names.letters(), current=begins),
        "groups": [{"letter": _shown(begins), "id": "names", "entries": found.names}] if found.names else [],
        "beginnings": [
            {
                "words": f"{_shown(each.words)}…",
                "path": names.address_of(each.words),
                "from": each.first,
                "to": each.last,
            }
            for each in found.beginnings
        ],
        "is_whole": found.is_whole,
    }
    return render(request, "articles/a_to_z.html", context)


@no_store
def _elsewhere(request: HttpRequest, address: str) -> HttpResponse:
    """Redirect for now: once there are more names, there may be a list at the requested address again."""
    return redirect(address)


def _by_letter(found: list[ListedName]) -> list[dict[str, Any]]:
    groups = groupby(found, key=lambda entry: entry.place[:1])
    return [
        {"letter": letter.upper() or "Other", "id": f"letter-{letter or 'other'}", "entries": list(entries)}
        for letter, entries in groups
    ]


def _letters(found: Any, *, current: str = "") -> list[dict[str, Any]]:
    return [
        {"letter": letter.upper(), "path": names.address_of(letter), "is_current": letter == current}
        for letter in found
    ]


def _shown(begins: str) -> str:
    words = begins.replace("-", " ")
    return words[:1].upper() + words[1:]
