"""Where a clinician reads what changed, corrects it, signs it or sends it back. Made for a phone and ten minutes."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from csp.decorators import csp_update
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from education.articles import workflow
from education.articles.content.blocks import BLOCK_TYPES, Block
from education.articles.content.blocks.base import text_areas
from education.articles.content.canonical import canonical_json
from education.articles.content.compare import compare
from education.articles.content.pieces import HEAD as HEAD_PLACE
from education.articles.editing.csp import EDITOR_STYLES, with_nonce
from education.articles.editing.screen import article_for, screen, staff
from education.articles.models import Article, SignOff
from education.articles.publishing import actions, gate, signing
from education.articles.rendering.page import render as render_content
from education.articles.reviewing import queue
from education.articles.reviewing.forms import SendBackForm, SignerForm, SignForm
from education.articles.reviewing.gate_lines import blocks_with_words, gate_lines
from education.clinic import actions as clinic
from education.clinic.models import Person
from education.core.workflow import IllegalMove
from education.references.actions import UnknownReference

SMALL = 12  # words: so small a change is offered to be signed by one tap
FULL, CHANGE = SignOff.Kind.FULL, SignOff.Kind.CHANGE
HEAD = "head"  # in place of a block: the title and the summary
CHANGED_MEANWHILE = "Somebody changed this passage while you were writing. It now says: {now}"


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    article = article_for(request, pk, workflow.MAY_SIGN)
    user = staff(request)
    if signing.signer(user) is None:
        return HttpResponseRedirect(f"{reverse('admin:education_article_signer')}?next={request.get_full_path()}")
    if "sign" not in workflow.ARTICLES.verbs(article.state):
        return HttpResponseRedirect(reverse("admin:education_article_review", args=[pk]))
    if in_run(request):
        queue.stand_at(user, article)
    if request.method != "POST":
        return _sign(request, article)
    form = SignForm(request.POST, auto_id="id_typed_%s")
    if not form.is_valid():
        return _sign(request, article, typed=form, status=422)
    try:
        actions.sign(article, wish=_wish(form), seen=form.cleaned_data["seen"], by=user)
    except (signing.NotSignable, IllegalMove) as refusal:
        for reason in getattr(refusal, "reasons", [str(refusal)]):
            messages.error(request, reason)
        return _sign(request, article_for(request, pk, workflow.MAY_SIGN), typed=form, status=409)
    messages.success(request, f"You signed “{article.title}”.")
    return onward(request, article)


def _wish(form: SignForm) -> signing.Wish:
    data = form.cleaned_data
    return signing.Wish(kind=data["kind"], next_review=data["next_review"], attested=data["attested"])


def _sign(request: HttpRequest, article: Article, *, typed: SignForm | None = None, status: int = 200) -> HttpResponse:
    user = staff(request)
    held, person = gate.check(article), signing.signer(user)
    seen = signing.last_seen(article, person)
    comparison = compare(seen, held.facts.content) if seen else None
    context = {
        "gate": held,
        "lines": [line for line in gate_lines(held) if line["failures"] and not line["clinicians"]],
        "person": person,
        "comparison": comparison,
        "whole": "" if comparison else _whole(held),
        "small": bool(comparison and comparison.words <= SMALL),
        "minutes": queue.minutes(article, held.facts.content, person),
        "forms": _sign_forms(held, person, user, typed, changes_only=comparison is not None),
        "refused_own": held.facts.clinic.second_person_signs and user.get_username() in article.writers,
        "blocks": blocks_with_words(held),
        "corrections": _corrections(request, held),
        "send_back": SendBackForm(auto_id="id_send_back_%s"),
        "may_send_back": "send_back" in workflow.ARTICLES.verbs(article.state),
        "notes": article.notes.all()[:5],
        "run": queue.waiting(user) if in_run(request) else [],
        "in_run": in_run(request),
    }
    return screen(request, article, "sign", context, title="Read and sign", status=status)


def _sign_forms(
    held: gate.Gate, person: Person | None, user: Any, typed: SignForm | None, *, changes_only: bool
) -> list[dict[str, Any]]:
    """One form for each kind of signature that could be given, the likelier first."""
    article, facts = held.facts.article, held.facts
    full = signing.last_full_review(article)
    kinds = [FULL] if full is None or (full.next_review and full.next_review < facts.today) else [CHANGE, FULL]
    found = []
    for kind in kinds if changes_only else reversed(kinds):
        initial = {"seen": facts.sha256, "kind": kind, "next_review": signing.latest_review(facts)}
        form = typed if typed and typed.data.get("kind") == kind else SignForm(initial=initial, auto_id=f"id_{kind}_%s")
        own = signing.own_words(article, person, user, full=kind == FULL)
        found.append({"kind": kind, "form": form, "own": own, "seen": facts.sha256})
    return found


def _corrections(request: HttpRequest, held: gate.Gate) -> dict[int, str]:
    """Where each passage is corrected, by its place in the content."""
    query = "?run=1" if in_run(request) else ""
    places = [(HEAD, 0), *((block.block_type, block.pk) for block in blocks_with_words(held))]
    pk = held.facts.article.pk
    return {
        number: reverse("admin:education_article_correct", args=[pk, *place]) + query
        for number, place in enumerate(places, start=HEAD_PLACE)
    }


def _whole(held: gate.Gate) -> str:
    """The page as patients would read it; nothing when a study is unknown, which the gate says."""
    try:
        return render_content(held.facts.content)[0]
    except UnknownReference:
        return ""


# Correcting


@require_http_methods(["GET", "HEAD", "POST"])
@csp_update({"style-src": EDITOR_STYLES})  # type: ignore[arg-type]  # it knows no views with parameters
def correct(request: HttpRequest, pk: int, block_type: str, block: int) -> HttpResponse:
    """One passage in a form of its own, and back to signing."""
    article = article_for(request, pk, workflow.MAY_WRITE)
    row = _passage(article, block_type, block)
    was = _fingerprint(row)
    form = _form_for(row)(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("was") == was:
            form.save()
            actions.draft_saved(_fresh(article), by=staff(request))
            messages.success(request, "Corrected. Read it once more, then sign.")
            return _back_to_signing(request, article)
        form.add_error(None, CHANGED_MEANWHILE.format(now=_passage(article, block_type, block)))
    context = {
        "form": form,
        "was": was,
        "passage": row,
        "media": with_nonce(form.media, request),
        "in_run": in_run(request),
    }
    return screen(request, article, "correct", context, title="Correct a passage", status=422 if form.errors else 200)


def _passage(article: Article, block_type: str, block: int) -> Article | Block:
    if block_type == HEAD:
        return _fresh(article)
    if block_type not in BLOCK_TYPES:
        raise Http404
    return get_object_or_404(BLOCK_TYPES[block_type], parent=article, pk=block)


def _form_for(row: Article | Block) -> type[forms.ModelForm[Any]]:
    if isinstance(row, Article):
        return forms.modelform_factory(Article, fields=["title", "summary"], widgets={**text_areas(summary=3)})
    return forms.modelform_factory(type(row), form=row.form_class, fields=list(row.content_fields))


def _fingerprint(row: Article | Block) -> str:
    said = {"title": row.title, "summary": row.summary} if isinstance(row, Article) else row.content()
    return sha256(canonical_json(said).encode()).hexdigest()


def _fresh(article: Article) -> Article:
    return Article.objects.select_related("topic", "author", "current_edition").get(pk=article.pk)


def _back_to_signing(request: HttpRequest, article: Article) -> HttpResponse:
    query = "?run=1" if in_run(request) else ""
    return HttpResponseRedirect(reverse("admin:education_article_sign", args=[article.pk]) + query)


# The run through what waits


def in_run(request: HttpRequest) -> bool:
    return "run" in request.GET or "run" in request.POST


@require_safe
def run(request: HttpRequest) -> HttpResponse:
    """What waits for this clinician, and how long it takes."""
    user = staff(request)
    if not user.has_perm(workflow.MAY_SIGN):
        raise PermissionDenied
    waiting = queue.waiting(user)
    context = {
        **admin.site.each_context(request),
        "title": "Pages to review",
        "waiting": waiting,
        "minutes": sum(one.minutes for one in waiting),
        "place": queue.place(user),
    }
    return render(request, "admin/articles/run.html", context)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    user = staff(request)
    if not user.has_perm(workflow.MAY_SIGN):
        raise PermissionDenied
    queue.start(user)
    return _next(request, None)


@require_POST
def skip(request: HttpRequest, pk: int) -> HttpResponse:
    article = article_for(request, pk, workflow.MAY_SIGN)
    queue.skip(staff(request), article)
    return _next(request, article)


def onward(request: HttpRequest, article: Article) -> HttpResponse:
    """After a verb: on to the next page of the run, or to how this one stands now."""
    if in_run(request):
        return _next(request, article)
    return HttpResponseRedirect(reverse("admin:education_article_review", args=[article.pk]))


def _next(request: HttpRequest, done: Article | None) -> HttpResponse:
    following = queue.next_after(staff(request), done)
    if following is None:
        return HttpResponseRedirect(reverse("admin:education_article_run"))
    return HttpResponseRedirect(reverse("admin:education_article_sign", args=[following.pk]) + "?run=1")


# Who signs


@require_http_methods(["GET", "HEAD", "POST"])
def signer(request: HttpRequest) -> HttpResponse:
    """A clinician says who they are before they first sign."""
    user = staff(request)
    if not user.has_perm(workflow.MAY_SIGN):
        raise PermissionDenied
    person = Person.objects.filter(account=user).first() or Person(account=user, name=user.get_full_name())
    form = SignerForm(request.POST or None, instance=person)
    onto = request.GET.get("next", "")
    if request.method == "POST" and form.is_valid():
        clinic.save_person(form.save(commit=False), changed=form.changed_data, by=user)
        safe = url_has_allowed_host_and_scheme(onto, allowed_hosts=None)
        return HttpResponseRedirect(onto if safe else reverse("admin:education_article_run"))
    context = {**admin.site.each_context(request), "title": "Who signs", "form": form}
    return render(request, "admin/articles/signer.html", context, status=422 if form.errors else 200)


View = Callable[..., HttpResponse]
ADDRESSES: dict[str, tuple[View, str]] = {
    "sign/": (sign, "sign"),
    "skip/": (skip, "skip"),
    "correct/<slug:block_type>/<int:block>/": (correct, "correct"),  # type: ignore[dict-item]
}
RUN: list[tuple[str, View, str]] = [
    ("review-run/", run, "run"),
    ("review-run/start/", start, "run_start"),
    ("who-signs/", signer, "signer"),
]
