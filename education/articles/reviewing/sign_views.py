"""Where a clinician reads what changed, signs it or sends it back: made for a phone and ten minutes."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from education.accounts.models import staff
from education.articles import workflow
from education.articles.commenting.actions import all_threads
from education.articles.content.blocks import BLOCK_TYPES
from education.articles.content.canonical import Content
from education.articles.content.compare import Comparison, compare
from education.articles.content.pieces import HEAD as HEAD_INDEX
from education.articles.editing.screen import article_for, screen
from education.articles.models import Article, DraftVersion, SignOff
from education.articles.publishing import actions, gate, signing
from education.articles.publishing.notes import sent_back_note
from education.articles.rendering.page import render as render_content
from education.articles.reviewing import queue
from education.articles.reviewing.changed_blocks import show_changed_blocks
from education.articles.reviewing.compare_view import authors_if_changed
from education.articles.reviewing.forms import SendBackForm, SignForm
from education.articles.reviewing.gate_results import FAILED, blocks_in_content, rule_rows
from education.core.http import by_button
from education.core.workflow import IllegalMove
from education.people.models import Person
from education.references.actions import UnknownReference, cited_keys, known
from education.references.models import Reference

FULL, CHANGE = SignOff.Kind.FULL, SignOff.Kind.CHANGE
HEAD = "head"  # in place of a block: the title, the summary and the other names
FROM_SIGNING = "from_signing"  # sent by the screen on which a clinician signs, to which the answer leads back
SIGNED = {True: "Patients read it with your name now.", False: "Patients read it once it is published."}


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    article = article_for(request, pk, workflow.MAY_SIGN)
    user = staff(request)
    if signing.signer(user) is None:
        return HttpResponseRedirect(f"{reverse('admin:education_article_signer')}?next={request.get_full_path()}")
    if "sign" not in workflow.ARTICLES.verbs(article.state):
        return HttpResponseRedirect(reverse("admin:education_article_review", args=[pk]))
    if in_run(request):
        queue.remember_page(user, article)
    if request.method != "POST":
        return sign_screen(request, article)
    before = article.signature
    form = SignForm(request.POST, auto_id="id_typed_%s", facts=gate.gather_facts(article, today=timezone.localdate()))
    if not form.is_valid():
        return sign_screen(request, article, typed=form, status=422)
    try:
        actions.sign(article, request=form.sign_off_request, seen=form.cleaned_data["seen"], by=user)
    except (signing.NotSignable, IllegalMove) as refusal:
        _say_why(request, form, refusal)
        return sign_screen(request, article_for(request, pk, workflow.MAY_SIGN), typed=form, status=409)
    _tell_of_signature(request, article, before)
    if not in_run(request):
        _lead_on(request, article)
    return redirect_after(request, article)


def _say_why(request: HttpRequest, form: SignForm, refusal: signing.NotSignable | IllegalMove) -> None:
    """What a field can settle is said beside it, and the rest above the page."""
    for field, reason in getattr(refusal, "beside", {}).items():
        form.add_error(field, reason)
    for reason in getattr(refusal, "reasons", [str(refusal)]):
        messages.error(request, reason)


def _tell_of_signature(request: HttpRequest, article: Article, before: SignOff | None) -> None:
    """Also who signed the same words `before`, such as while they were being read here."""
    messages.success(request, f"You signed “{article.title}”. {SIGNED[article.state == Article.State.PUBLISHED]}")
    if before and before.sha256 == article.draft_sha256 and before.signed_by != staff(request).get_username():
        told = f"{before.name} had signed the same words before you. Patients read your name, not theirs."
        messages.warning(request, told)


def _lead_on(request: HttpRequest, signed: Article) -> None:
    """To the page that comes next, for whoever signs one by itself; a run goes there anyway."""
    if page := queue.next_after(staff(request), signed):
        address = reverse("admin:education_article_sign", args=[page.pk])
        messages.info(request, format_html('Next for you: <a href="{}">{}</a>', address, page.title))


def came_from_signing(request: HttpRequest) -> bool:
    user = staff(request)
    return FROM_SIGNING in request.POST and user.has_perm(workflow.MAY_SIGN) and signing.signer(user) is not None


def sign_screen(
    request: HttpRequest, article: Article, *, typed: SignForm | None = None, send_back: SendBackForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """`typed` or `send_back`: the form that was refused."""
    user = staff(request)
    result, person = gate.check(article), signing.signer(user)
    signed = signing.last_signed_contents([article], person).get(article.pk)
    comparison = _changes_since(signed, result.facts.content) if signed else None
    failed = [row for row in rule_rows(result) if row["standing"] == FAILED and not row["needs_clinician"]]
    needs_second_person = result.facts.clinic.second_person_signs and user.get_username() in article.writers
    may_sign = not failed and not needs_second_person
    forms = _sign_forms(result, person, user, typed, changes_only=comparison is not None) if may_sign else []
    context = {
        "failed_rules": failed,
        "mistakes": _mistakes(typed, forms) if typed else [],
        "refused": typed is not None,
        "was_read": _version_read(article, typed, result.facts.sha256),
        "signed_before": signed is not None,
        "authors": authors_if_changed(signed, result.facts.content) if signed else None,
        "differs_from_live": article.current_edition is not None and not _is_live(article, result.facts.sha256),
        "person": person,
        "is_live": _is_live(article, result.facts.sha256),
        "comparison": comparison,
        "studies": _studies_of_changes(comparison, result.facts) if comparison else [],
        **_words_to_sign(result, comparison),
        "other_names": ", ".join(result.facts.content["aliases"]),
        "minutes": queue.reading_minutes(result.facts.content, since=signed),
        "forms": forms,
        "needs_second_person": needs_second_person,
        "blocks": blocks_in_content(result),
        "corrections": _correction_links(request, result),
        "send_back": send_back or SendBackForm(auto_id="id_send_back_%s"),
        "may_send_back": "send_back" in workflow.ARTICLES.verbs(article.state),
        **_said_before(article, result),
        "run": queue.pages_to_review(user) if in_run(request) else [],
        "in_run": in_run(request),
    }
    return screen(request, article, "sign", context, title="Read and sign", status=status)


def _said_before(article: Article, result: gate.GateResult) -> dict[str, Any]:
    return {
        "sent_back": sent_back_note(article),
        "notes": article.notes.all()[:5],
        "threads": all_threads(article, result.facts.blocks),
    }


def _changes_since(signed: Content, content: Content) -> Comparison | None:
    """None where no word differs: then the page is read again as a whole."""
    comparison = compare(signed, content)
    if not comparison.words:
        return None
    show_changed_blocks(comparison, signed, content)
    return comparison


def _mistakes(typed: SignForm, forms: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """The id of each field that was refused, its label and why. Without an id where its form is not on the screen."""
    linked = any(offered["form"] is typed for offered in forms)
    return [
        (field.id_for_label if linked and not field.is_hidden else "", str(field.label), str(error))
        for field in typed
        for error in field.errors
    ]


def _version_read(article: Article, typed: SignForm | None, now: str) -> DraftVersion | None:
    """The draft that was on the screen, if it says something else by now."""
    seen = typed.data.get("seen", "") if typed else now
    return None if seen == now else article.versions.filter(sha256=seen).first()


def _is_live(article: Article, digest: str) -> bool:
    return article.current_edition is not None and article.current_edition.sha256 == digest


def _sign_forms(
    result: gate.GateResult, person: Person | None, user: Any, typed: SignForm | None, *, changes_only: bool
) -> list[dict[str, Any]]:
    """A form for each kind of signature that can be given, the likelier one first."""
    article, facts = result.facts.article, result.facts
    full = signing.last_full_review(article)
    is_due = full is None or (full.next_review and full.next_review < facts.today)
    kinds = [FULL] if is_due or facts.signature else [CHANGE, FULL]  # what is signed already has no change to sign
    found = []
    for kind in kinds if changes_only else reversed(kinds):
        initial = {"seen": facts.sha256, "kind": kind, "next_review": signing.latest_review_date(facts)}
        fresh = SignForm(initial=initial, auto_id=f"id_{kind}_%s", facts=facts)
        form = typed if typed and typed.data.get("kind") == kind else fresh
        self_review = signing.is_self_review(article, person, user, full=kind == FULL) or form.is_by(person)
        found.append({"kind": kind, "form": form, "self_review": self_review, "seen": facts.sha256})
    return found


def _correction_links(request: HttpRequest, result: gate.GateResult) -> dict[int, str]:
    """The address where each passage can be corrected, by the index of its block in the content."""
    passages = [(HEAD, 0), *((block.block_type, block.pk) for block in blocks_in_content(result))]
    pk = result.facts.article.pk
    return {
        index: reverse("admin:education_article_correct", args=[pk, *passage]) + run_query(request)
        for index, passage in enumerate(passages, start=HEAD_INDEX)
    }


def _studies_of_changes(comparison: Comparison, facts: gate.Facts) -> list[Reference]:
    """The studies that the changed passages cite; of a changed claim all, for and against it."""
    keys: list[str] = []
    for row in comparison.rows:
        if row.is_same or row.block is None or row.block < 0:
            continue
        block = facts.content["blocks"][row.block]
        type_of_block = BLOCK_TYPES[block["type"]]
        keys += row.cited if type_of_block.cited_fields else cited_keys(" ".join(type_of_block.texts(block)))
    return list(known(keys).values())


def _words_to_sign(result: gate.GateResult, comparison: Comparison | None) -> dict[str, Any]:
    """The page as patients would read it, where it is signed as a whole, and whether sources stand beside its text."""
    page = "" if comparison else _full_page(result)
    return {"full_page": page, "has_sources": " data-note=" in page}


def _full_page(result: gate.GateResult) -> str:
    """Empty when it cites an unknown study, which the gate reports."""
    try:
        return render_content(result.facts.content).html
    except UnknownReference:
        return ""


# The review run: one waiting page after the other


def in_run(request: HttpRequest) -> bool:
    return "run" in request.GET or "run" in request.POST


def run_query(request: HttpRequest) -> str:
    return "?run=1" if in_run(request) else ""


@require_safe
def run(request: HttpRequest) -> HttpResponse:
    """The pages that wait for this clinician, and how long they take to read."""
    user = staff(request)
    if not user.has_perm(workflow.MAY_SIGN):
        raise PermissionDenied
    pages = queue.pages_to_review(user)
    context = {
        **admin.site.each_context(request),
        "title": "Pages to review",
        "pages": pages,
        "time": queue.time_in_words(sum(page.minutes for page in pages)),
        "resume": queue.page_to_resume(user),
    }
    return render(request, "admin/articles/run.html", context)


@by_button(lambda: reverse("admin:education_article_run"))
def start(request: HttpRequest) -> HttpResponse:
    user = staff(request)
    if not user.has_perm(workflow.MAY_SIGN):
        raise PermissionDenied
    queue.start(user)
    return _redirect_to_next(request, None)


@by_button(lambda pk: reverse("admin:education_article_sign", args=[pk]))
def skip(request: HttpRequest, pk: int) -> HttpResponse:
    article = article_for(request, pk, workflow.MAY_SIGN)
    queue.skip(staff(request), article)
    return _redirect_to_next(request, article)


def redirect_after(request: HttpRequest, article: Article) -> HttpResponse:
    """After a verb: on to the next page of the run, or back to this one, to the screen with the button."""
    if in_run(request):
        return _redirect_to_next(request, article)
    if FROM_SIGNING in request.POST:
        return HttpResponseRedirect(reverse("admin:education_article_sign", args=[article.pk]))
    return HttpResponseRedirect(reverse("admin:education_article_review", args=[article.pk]))


def _redirect_to_next(request: HttpRequest, done: Article | None) -> HttpResponse:
    next_page = queue.next_after(staff(request), done)
    if next_page is None:
        return HttpResponseRedirect(reverse("admin:education_article_run"))
    return HttpResponseRedirect(reverse("admin:education_article_sign", args=[next_page.pk]) + "?run=1")
