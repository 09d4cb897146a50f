"""The screens: the pages of the site, the words of one, and what a passage said before."""

from collections.abc import Mapping
from dataclasses import dataclass

from csp.decorators import csp_replace, csp_update
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.formats import date_format
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe
from js_asset import ImportMap, Media, Script

from education.accounts.models import staff
from education.articles.models import Topic
from education.core.http import by_button, no_store
from education.core.text import counted, full_stop, whole_number
from education.site import actions
from education.site.forms import NOTHING, PageForm, Rows, box_name, seen_name, typed_words, with_built_in
from education.site.lists import Titles, told
from education.site.models import UnsavedSiteWords
from education.site.previews import draw
from education.wording.admin import WAIT
from education.wording.models import MAY_SEE_SITE, MAY_SIGN, MAY_WRITE_SITE, PublicWords, SitePlace, SitePlaceVersion
from education.wording.places import Place, SitePage, pages, places
from education.wording.site import ChangedMeanwhile, site_words, token, write

MAY_SEE_TOPICS = "education.view_topic"
AUTOSAVED = "Autosaved at {} Patients read nothing of it before you press Save."
OTHER_FORM = (
    "Not autosaved: you have unsaved words for this page from another window. Save here, or close one of the two."
)
TOO_LARGE = "Not autosaved: this is too much text for these places. Shorten it, then press Save."

SHARED = ("beside", "picker", "combobox", "facts", "look-up", "upload")  # with the editor of articles
SCRIPTS = Media(
    js=[Script(f"js/{name}.js", type="module") for name in ("autosave", "site-words", "site-lists", "ordered")],
    importmap=ImportMap({f"editor/{name}": f"js/editor/{name}.js" for name in SHARED}),
)


def _address(name: str) -> str:
    return reverse("admin:education_siteplace_page", args=[name])


def _rows(page: SitePage) -> Rows:
    found = SitePlace.objects.filter(key__in=[place.key for place in page.places]).with_public_words()
    return {row.key: row for row in found}


def _allowed(request: HttpRequest, permission: str, name: str) -> SitePage:
    if not request.user.has_perm(permission):
        raise PermissionDenied
    if name not in pages():
        raise Http404
    return pages()[name]


@dataclass(frozen=True)
class PageInList:
    """One page of the site in the list, with what the clinic made of it."""

    page: SitePage
    own: int
    waiting: int

    @property
    def said(self) -> str:
        """How much the clinic wrote itself; empty for a page that is as built in: the screen says so once for all."""
        return f"{counted(self.own, 'passage')} of {len(self.page.places)} in your own words" if self.own else ""


@require_safe
def pages_list(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(MAY_SEE_SITE):
        raise PermissionDenied
    rows = list(SitePlace.objects.known().with_public_words())
    listed = [_listed(page, [row for row in rows if row.place.page == page.name]) for page in pages().values()]
    topics = list(Topic.objects.all()) if request.user.has_perm(MAY_SEE_TOPICS) else []
    context = {
        **admin.site.each_context(request),
        **{"title": "Words of the site", "listed": listed, "topics": topics, "opts": SitePlace._meta},
    }
    return render(request, "admin/site/pages.html", context)


def _listed(page: SitePage, rows: list[SitePlace]) -> PageInList:
    return PageInList(page, sum(row.is_own for row in rows), sum(row.words_wait for row in rows))


@require_http_methods(["GET", "POST"])
@csp_update({"frame-src": ["'self'"]})  # the page beside the form
def page(request: HttpRequest, name: str = "") -> HttpResponse:
    """The words of one page. Opening it fills in what was left unsaved or said before, if that is asked for."""
    edited = _allowed(request, MAY_WRITE_SITE if request.method == "POST" else MAY_SEE_SITE, name)
    rows = _rows(edited)
    unsaved = actions.unsaved(name, by=staff(request))
    if request.method == "GET":
        return _screen(request, edited, PageForm(edited, rows, _filled_in(request, edited, rows, unsaved)), unsaved)
    form = PageForm(edited, rows, _posted(request))
    if place := places().get(f"{name}.{request.POST.get('built_in')}"):
        return _screen(request, edited, PageForm(edited, rows, with_built_in(form, place)))
    if "step" in request.POST:  # a button of a list
        return _screen(request, edited, form)
    if form.is_valid():
        try:
            return _saved(request, edited, write(form.changes(), by=staff(request)))
        except ChangedMeanwhile as refusal:
            form.refuse(refusal.theirs)
    return _screen(request, edited, form, refused=True)


def _posted(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.POST.items()}


def _saved(request: HttpRequest, edited: SitePage, rows: list[SitePlace]) -> HttpResponse:
    keys = {name: request.POST.get(name, "") for name in ("form_key", "takes_up")}
    actions.clear_after_save(edited.name, by=staff(request), **keys)
    waiting = [row for row in SitePlace.objects.waiting() if row.pk in {changed.pk for changed in rows}]
    if len(waiting) < len(rows):
        messages.success(request, "Saved. Patients read it now.")
    elif not rows:
        messages.info(request, "Nothing was changed.")
    if not waiting:
        return redirect(_address(edited.name))
    messages.warning(request, WAIT)
    if request.user.has_perm(MAY_SIGN):
        return redirect(f"{reverse('words_waiting')}#siteplace-{waiting[0].pk}")
    return redirect(_address(edited.name))


def _filled_in(
    request: HttpRequest, edited: SitePage, rows: Rows, unsaved: UnsavedSiteWords | None
) -> Mapping[str, str] | None:
    """What the boxes hold instead of what is saved: what was left unsaved, or earlier words of one place."""
    if unsaved and "unsaved" in request.GET:
        return actions.typed_data(unsaved)
    number = whole_number(request.GET.get("version", ""))
    version = SitePlaceVersion.objects.filter(pk=number).first() if number else None
    place = places().get(version.key) if version else None
    if version is None or place is None or place.page != edited.name:
        return None
    form = PageForm(edited, rows)
    saved = {box_name(other): form.written(other) for other in edited.places}
    seen = {seen_name(other): token(form.written(other)) for other in edited.places}
    return {**saved, **seen, box_name(place): version.words}


def _screen(
    request: HttpRequest,
    edited: SitePage,
    form: PageForm,
    unsaved: UnsavedSiteWords | None = None,
    *,
    refused: bool = False,
) -> HttpResponse:
    resumed = bool(unsaved) and "unsaved" in request.GET
    context = {
        **admin.site.each_context(request),
        **{"title": edited.title, "page": edited, "form": form, "parts": list(form.parts()), "refused": refused},
        "mistakes": list(form.mistakes()),
        "opts": SitePlace._meta,
        "may_change": request.user.has_perm(MAY_WRITE_SITE),
        "unsaved": unsaved if unsaved and not resumed else None,
        "form_key": request.POST.get("form_key") or get_random_string(16),
        "takes_up": unsaved.form_key if unsaved and resumed else request.POST.get("takes_up", ""),
        "is_typed": form.is_bound,
        "media": Media.from_media(SCRIPTS, nonce=str(request.csp_nonce)),  # type: ignore[attr-defined]
    }
    return render(request, "admin/site/page.html", context)


@by_button(_address)
@no_store
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})
def preview(request: HttpRequest, name: str = "") -> HttpResponse:
    """The public page with the words in the form, which are stored nowhere."""
    edited = _allowed(request, MAY_WRITE_SITE, name)
    typed = typed_words(PageForm(edited, _rows(edited), _posted(request)))
    return draw(request, name, edited.path, {**site_words(), name: typed})


@require_http_methods(["GET", "POST"])
def keep(request: HttpRequest, name: str) -> HttpResponse:
    """Called by the form's script every few seconds; its answer, `{"words": …}`, is shown beside the button."""
    _allowed(request, MAY_WRITE_SITE, name)
    if request.method == "GET":
        return JsonResponse({"token": get_token(request)})
    keys = {key: request.POST.get(key, "")[:32] for key in ("form_key", "takes_up")}
    try:
        kept = actions.autosave(name, _posted(request), by=staff(request), **keys)
    except actions.OtherForm:
        return JsonResponse({"words": OTHER_FORM}, status=409)
    except actions.TooLarge:
        return JsonResponse({"words": TOO_LARGE}, status=413)
    time = full_stop(date_format(timezone.localtime(kept.autosaved_at), "TIME_FORMAT"))
    return JsonResponse({"words": AUTOSAVED.format(time)})


@by_button(_address)
def discard(request: HttpRequest, name: str) -> HttpResponse:
    _allowed(request, MAY_WRITE_SITE, name)
    actions.discard(name, by=staff(request))
    messages.success(request, "Discarded. These are the words as they were last saved.")
    return HttpResponseRedirect(_address(name))


@require_safe
def history(request: HttpRequest, key: str) -> HttpResponse:
    """What one passage was to say, save by save, and who signed it."""
    place = places().get(key)
    edited = _allowed(request, MAY_SEE_SITE, place.page if place else "")
    place, titles = places()[key], Titles()
    row = SitePlace.objects.filter(key=key).with_public_words().first()

    def said(words: str) -> str:
        return told(place, words, titles) or NOTHING

    context = {
        **admin.site.each_context(request),
        "title": f"Earlier {place.holds}{'s' if place.is_list else ''}: {place.label}",
        **{"page": edited, "place": place, "opts": SitePlace._meta},
        "read_now": said(row.read_by_all) if row else "",
        "built_in": said(place.words),
        "versions": [(version, said(version.words)) for version in SitePlaceVersion.objects.filter(key=key)],
        "signed": [(words, said(words.as_read["words"])) for words in _signed(row)] if row and not place.plain else [],
    }
    return render(request, "admin/site/history.html", context)


def _signed(row: SitePlace) -> list[PublicWords]:
    return list(PublicWords.objects.filter(kind=row.words_kind(), row=row.pk).order_by("-id"))


def addresses() -> list[URLPattern]:
    wrap = admin.site.admin_view
    return [
        path("page/<slug:name>/", wrap(page), name="education_siteplace_page"),
        path("page/<slug:name>/preview/", wrap(preview), name="education_siteplace_preview"),
        path("page/<slug:name>/keep/", wrap(keep), name="education_siteplace_keep"),
        path("page/<slug:name>/throw-away/", wrap(discard), name="education_siteplace_throw_away"),
        path("passage/<str:key>/", wrap(history), name="education_siteplace_history_of"),
    ]


def place_address(place: Place) -> str:
    """The address of the box in which the place's words are edited."""
    return f"{_address(place.page)}#box-{place.box}"
