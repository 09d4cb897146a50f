"""The screen on which an editor finds words in drafts and replaces them, and the button that copies a page."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from education.accounts.models import User, staff
from education.articles import workflow
from education.articles.finding.copies import copy
from education.articles.finding.places import Wanted
from education.articles.finding.replacing import NotReplaced, replace, search
from education.articles.models import Article
from education.core.fields import CleanLine
from education.core.http import by_button
from education.core.text import counted, whole_number

PAGE, CHANGED, PLACE = "page", "changed", "place"


class WordsForm(forms.Form):
    find = CleanLine(max_length=200, label="Find")
    put = CleanLine(max_length=200, required=False, label="Replace with")
    whole_words = forms.BooleanField(required=False, label="Whole words only")
    match_case = forms.BooleanField(required=False, label="Tell upper and lower case apart")

    def wanted(self) -> Wanted:
        return Wanted(**self.cleaned_data)


@require_http_methods(["GET", "POST"])
def find_and_replace(request: HttpRequest) -> HttpResponse:
    """A GET shows each place and changes nothing; a POST changes the drafts of those that are checked."""
    if not request.user.has_perm(workflow.MAY_WRITE):
        raise PermissionDenied
    given = request.POST if request.method == "POST" else request.GET
    only = _only(given)
    form = WordsForm(given if "find" in given else None, initial={"whole_words": True})
    if request.method == "POST" and form.is_valid():
        return redirect(_replaced(request, form, only))
    pages, more = search(form.wanted(), only=only) if form.is_valid() else ([], False)
    context = {
        **admin.site.each_context(request),
        **{"title": "Find and replace", "form": form, "only": only, "pages": pages, "more": more},
        **{"count": sum(len(page.places) for page in pages), "changed": _changed(request.GET)},
        "asked": form.is_valid(),
    }
    return render(request, "admin/articles/find_and_replace.html", context, status=422 if form.errors else 200)


def _only(given: QueryDict) -> Article | None:
    """The page that the search is limited to, if any."""
    typed = given.get(PAGE, "")
    return get_object_or_404(Article, pk=whole_number(typed) or 0) if typed else None


def _changed(given: QueryDict) -> Any:
    numbers = [number for typed in given.getlist(CHANGED) if (number := whole_number(typed)) is not None]
    return Article.objects.filter(pk__in=numbers).order_by("title")


def _replaced(request: HttpRequest, form: WordsForm, only: Article | None) -> str:
    """Replace what is checked, page by page, and say what was done. The address of the screen to go on with."""
    checked: dict[int, set[int]] = {}
    for typed in request.POST.getlist(PLACE):
        pk, _, number = typed.partition(":")
        if (page := whole_number(pk)) is not None and (place := whole_number(number)) is not None:
            checked.setdefault(page, set()).add(place)
    done = _each_page(request, form.wanted(), checked, by=staff(request))
    if done:
        places = sum(len(checked[pk]) for pk in done)
        words = (
            f"Replaced: {counted(places, 'place')} on {counted(len(done), 'page')}. Patients still read the old words."
        )
        messages.success(request, words)
    elif not checked:
        messages.warning(request, "Nothing was replaced. Check the places that you mean.")
    back = {name: value for name, value in form.data.items() if name in form.fields}
    query = [*back.items(), *([(PAGE, str(only.pk))] if only else []), *((CHANGED, str(pk)) for pk in done)]
    return f"{reverse('admin:education_article_replace')}?{urlencode(query)}"


def _each_page(request: HttpRequest, wanted: Wanted, checked: dict[int, set[int]], *, by: User) -> list[int]:
    done = []
    for article in Article.objects.filter(pk__in=checked):
        try:
            replace(
                article.pk, wanted, chosen=checked[article.pk], seen=request.POST.get(f"seen-{article.pk}", ""), by=by
            )
            done.append(article.pk)
        except NotReplaced as refusal:
            messages.error(request, f"“{article.title}” was not changed. {refusal}")
    return done


def _form_of(pk: int) -> str:
    return reverse("admin:education_article_change", args=[pk])


@by_button(_form_of)
def copy_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A new draft with the words of this page, opened at once."""
    article = get_object_or_404(Article.objects.select_related("topic"), pk=pk)
    made = copy(article, by=staff(request))
    messages.success(request, f"This is a copy of “{article.title}”. Give it a title and an address of its own.")
    return redirect(_form_of(made.pk))


def addresses() -> list[URLPattern]:
    wrap = admin.site.admin_view
    return [
        path("find-and-replace/", wrap(find_and_replace), name="education_article_replace"),
        path("<int:pk>/copy/", wrap(copy_page), name="education_article_copy"),
    ]
