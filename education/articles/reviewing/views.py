"""The review screen of a page, and the buttons on it: one address and one POST for each verb."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from education.accounts.models import User, staff
from education.articles import workflow
from education.articles.commenting.actions import open_threads
from education.articles.commenting.views import name_of
from education.articles.content.blocks import Block
from education.articles.content.canonical import has_words
from education.articles.editing.screen import article_for, block_links, screen
from education.articles.models import Article, DraftVersion, Edition
from education.articles.public.preview import LINK_HOLDS, link_path, preview_context
from education.articles.publishing import actions, gate
from education.articles.publishing.standing import standing
from education.articles.reviewing import sign_views, who_signs
from education.articles.reviewing.compare_view import compare_versions
from education.articles.reviewing.correct_view import correct
from education.articles.reviewing.forms import (
    ExpiryForm,
    PublishForm,
    PublishUnsignedForm,
    ScheduleForm,
    SendBackForm,
    SubmitForm,
    WithdrawForm,
)
from education.articles.reviewing.gate_results import rule_rows
from education.articles.reviewing.writing_views import writing_addresses
from education.core.http import by_button, no_store
from education.core.text import after_colon
from education.core.workflow import IllegalMove
from education.references.actions import UnknownReference

NOTES_SHOWN = 20


@dataclass(frozen=True)
class VerbButton:
    """How the screen offers a verb: the button's label, the form to fill in, the action, what is said afterwards."""

    label: str
    form_class: type[forms.Form]
    run: Callable[[Article, Any, User], object]
    success: str
    url_name: str


def _submit(article: Article, form: Any, by: User) -> None:
    actions.submit(article, note=form.cleaned_data["note"], by=by)


def _send_back(article: Article, form: Any, by: User) -> None:
    actions.send_back(article, note=form.cleaned_data["note"], by=by)


def _publish(article: Article, form: Any, by: User) -> None:
    actions.publish(article, reason=form.cleaned_data["reason"], by=by)


def _publish_unsigned(article: Article, form: Any, by: User) -> None:
    actions.publish_unsigned(article, reason=form.cleaned_data["reason"], by=by)


def _schedule(article: Article, form: Any, by: User) -> None:
    actions.schedule(article, at=form.moment, reason=form.cleaned_data["reason"], by=by)


def _unschedule(article: Article, form: Any, by: User) -> None:
    actions.unschedule(article, by=by)


def _withdraw(article: Article, form: Any, by: User) -> None:
    actions.withdraw(article, reason=form.cleaned_data["reason"], by=by)


def _set_expiry(article: Article, form: Any, by: User) -> None:
    actions.set_expiry(article, at=form.moment, by=by)


VERBS = {
    "submit": VerbButton(
        "Send for review",
        SubmitForm,
        _submit,
        "It waits for a clinician now.",
        "admin:education_article_submit",
    ),
    "send_back": VerbButton(
        "Send back",
        SendBackForm,
        _send_back,
        "Sent back. Whoever wrote it reads your note.",
        "admin:education_article_send_back",
    ),
    "publish": VerbButton(
        "Publish now",
        PublishForm,
        _publish,
        "Patients read it now.",
        "admin:education_article_publish",
    ),
    "schedule": VerbButton(
        "Publish at a time",
        ScheduleForm,
        _schedule,
        "It will be published at its time.",
        "admin:education_article_schedule",
    ),
    "unschedule": VerbButton(
        "Don’t publish it then",
        forms.Form,
        _unschedule,
        "It will not be published by itself.",
        "admin:education_article_unschedule",
    ),
    "publish_unsigned": VerbButton(
        "Publish without a signature",
        PublishUnsignedForm,
        _publish_unsigned,
        "Patients read it now, with a banner that says it awaits clinical review. The clinicians have been told.",
        "admin:education_article_publish_unsigned",
    ),
    "set_expiry": VerbButton(
        "Set when it is taken down",
        ExpiryForm,
        _set_expiry,
        "Saved.",
        "admin:education_article_set_expiry",
    ),
    "withdraw": VerbButton(
        "Withdraw",
        WithdrawForm,
        _withdraw,
        "Patients can’t read it any more. Its address says why.",
        "admin:education_article_withdraw",
    ),
}


def send_again(request: HttpRequest, article: Article) -> None:
    """Send a page for review again, from the edit form, after it was sent back."""
    verb = VERBS["submit"]
    try:
        actions.submit(article, by=staff(request))
        messages.success(request, verb.success)
    except IllegalMove as refusal:
        messages.error(request, f"It was saved, and not sent for review. {refusal}")


def addresses() -> list[URLPattern]:
    """The URL patterns of every screen and verb of an article. Names are written out so that a search finds them."""
    wrap = admin.site.admin_view
    return [
        *writing_addresses(),
        path("<int:pk>/review/", wrap(review), name="education_article_review"),
        path("<int:pk>/preview/", wrap(preview), name="education_article_preview"),
        path("<int:pk>/editions/", wrap(editions), name="education_article_editions"),
        path("<int:pk>/editions/<int:number>/restore/", wrap(restore), name="education_article_restore"),
        path("<int:pk>/earlier/<int:version>/restore/", wrap(restore_draft), name="education_article_restore_draft"),
        path("<int:pk>/compare/", wrap(compare_versions), name="education_article_compare"),
        path("<int:pk>/sign/", wrap(sign_views.sign), name="education_article_sign"),
        path("<int:pk>/skip/", wrap(sign_views.skip), name="education_article_skip"),
        path(
            "<int:pk>/correct/<slug:block_type>/<int:block>/",
            wrap(correct),
            name="education_article_correct",
        ),
        path("<int:pk>/submit/", wrap(act), {"name": "submit"}, name="education_article_submit"),
        path("<int:pk>/send-back/", wrap(act), {"name": "send_back"}, name="education_article_send_back"),
        path("<int:pk>/publish/", wrap(act), {"name": "publish"}, name="education_article_publish"),
        path("<int:pk>/schedule/", wrap(act), {"name": "schedule"}, name="education_article_schedule"),
        path("<int:pk>/unschedule/", wrap(act), {"name": "unschedule"}, name="education_article_unschedule"),
        path(
            "<int:pk>/publish-unsigned/",
            wrap(act),
            {"name": "publish_unsigned"},
            name="education_article_publish_unsigned",
        ),
        path("<int:pk>/set-expiry/", wrap(act), {"name": "set_expiry"}, name="education_article_set_expiry"),
        path("<int:pk>/withdraw/", wrap(act), {"name": "withdraw"}, name="education_article_withdraw"),
        path("review-run/", wrap(sign_views.run), name="education_article_run"),
        path("review-run/start/", wrap(sign_views.start), name="education_article_run_start"),
        path("who-signs/", wrap(who_signs.signer), name="education_article_signer"),
    ]


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The state of the page, the result of the gate, and what may be done next."""
    return _review(request, article_for(request, pk, workflow.MAY_VIEW))


def _review(
    request: HttpRequest, article: Article, *, failed: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    result = gate.check(article)
    allowed = workflow.ARTICLES.verbs(article.state)
    user = staff(request)
    verb_forms = {
        name: _verb_form(article, name, (failed or {}).get(name))
        for name in VERBS
        if name in allowed and _would_succeed(article, result, name, user)
    }
    live = article.current_edition
    context = {
        "article": article,
        "gate": result,
        "rules": rule_rows(result),
        "verb_forms": verb_forms,
        "further_verb_forms": [form for name, form in verb_forms.items() if name not in ("publish", "submit")],
        "may_sign": "sign" in allowed and user.has_perm(workflow.MAY_SIGN),
        "may_write": user.has_perm(workflow.MAY_WRITE),
        "standing": standing(article, live) if live else None,
        "preview_link": f"{settings.SITE_URL}{link_path(article)}",
        "preview_days": LINK_HOLDS.days,
        "notes": article.notes.all()[:NOTES_SHOWN],
        **_comments(article, result.facts.blocks),
    }
    return screen(request, article, "review", context, title="Review and publish", status=status)


def _comments(article: Article, blocks: list[Block]) -> dict[str, Any]:
    """The open comments, each with where its block is edited, and the blocks that can be commented on."""
    written = [block for block in blocks if has_words(block.content())]
    names = [name_of(block) for block in written]
    where = dict(zip(names, block_links(article, blocks), strict=True))
    threads = open_threads(article, blocks)
    return {
        "threads": [(thread, where.get(name_of(thread.block), "") if thread.block else "") for thread in threads],
        "commentable": list(zip(names, written, strict=True)),
        "done_tasks": article.comments.done_tasks(),
    }


@dataclass(frozen=True)
class VerbForm:
    """A verb's button and form on the screen of one article."""

    button: VerbButton
    form: forms.Form
    path: str


def _verb_form(article: Article, name: str, failed: forms.Form | None) -> VerbForm:
    button = VERBS[name]
    form = failed or button.form_class(auto_id=f"id_{name}_%s", initial=_initial(article, name))
    return VerbForm(button, form, reverse(button.url_name, args=[article.pk]))


def _initial(article: Article, name: str) -> dict[str, Any]:
    at = timezone.localtime(article.expires_at) if article.expires_at and name == "set_expiry" else None
    return {"day": at.date(), "time": at.time()} if at else {}


def _would_succeed(article: Article, result: gate.GateResult, name: str, user: User) -> bool:
    """Whether the button would do anything. Permission and gate are checked again when it is pressed."""
    if not user.has_perm(workflow.ARTICLES.find(article.state, name).permission):
        return False
    if name in ("publish", "schedule"):
        return result.is_open
    if name == "publish_unsigned":
        return result.ready_to_sign
    return name not in ("withdraw", "set_expiry") or article.current_edition is not None


@by_button(lambda pk, name: reverse("admin:education_article_review", args=[pk]))
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Run one verb, then return to the review screen; a refusal is shown there with its reasons."""
    button = VERBS[name]
    article = article_for(request, pk, next(t.permission for t in workflow.ARTICLES.transitions if t.verb == name))
    form = button.form_class(request.POST, auto_id=f"id_{name}_%s")
    if not form.is_valid():
        messages.error(request, _not_done(button, form))
        if isinstance(form, SendBackForm) and sign_views.came_from_signing(request):
            return sign_views.sign_screen(request, article, send_back=form, status=422)
        return _review(request, article, failed={name: form}, status=422)
    try:
        button.run(article, form, staff(request))
    except (IllegalMove, actions.NotPublishable, ValueError) as refusal:
        for reason in getattr(refusal, "reasons", [str(refusal)]):
            messages.error(request, reason)
        return _review(request, article_for(request, pk, workflow.MAY_VIEW), failed={name: form}, status=409)
    messages.success(request, f"“{article.title}”: {after_colon(button.success)}")
    return sign_views.redirect_after(request, article)


def _not_done(button: VerbButton, form: forms.Form) -> SafeString:
    """What is missing or wrong, with a link to its field, which may be far below."""
    refused = ((field, error) for field in form.visible_fields() for error in field.errors)
    listed = [(field.id_for_label, field.label, error) for field, error in refused]
    fields = format_html_join(" ", '<a href="#{}">{}</a> {}', listed)
    return format_html("“{}” is not done yet. {}", button.label, fields)


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft as patients would see it."""
    article = article_for(request, pk, workflow.MAY_VIEW)
    try:
        context = preview_context(article)
    except UnknownReference as error:
        return screen(request, article, "refused", {"reasons": [str(error)]}, title="Preview")
    return no_store(render)(request, "articles/article.html", context | {"draft": article})  # type: ignore[return-value]


@require_safe
def editions(request: HttpRequest, pk: int) -> HttpResponse:
    article = article_for(request, pk, workflow.MAY_VIEW)
    context = {
        "editions": article.editions.select_related("sign_off").defer("content", "html", "sign_off__content"),
        "earlier": article.versions.defer("content").exclude(sha256=article.draft_sha256),
        "may_write": staff(request).has_perm(workflow.MAY_WRITE),
    }
    return screen(request, article, "editions", context, title="Editions and earlier drafts")


@by_button(lambda pk, number: reverse("admin:education_article_editions", args=[pk]))
def restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    article = article_for(request, pk, workflow.MAY_WRITE)
    edition = get_object_or_404(Edition, article=article, number=number)
    return _restored(request, edition, f"The words of edition {number}")


@by_button(lambda pk, version: reverse("admin:education_article_editions", args=[pk]))
def restore_draft(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    article = article_for(request, pk, workflow.MAY_WRITE)
    found = get_object_or_404(DraftVersion, article=article, pk=version)
    at = date_format(timezone.localtime(found.saved_at), "DATETIME_FORMAT")
    return _restored(request, found, f"The words that {found.saved_by} saved on {at}")


def _restored(request: HttpRequest, version: Edition | DraftVersion, source: str) -> HttpResponse:
    for picture in actions.missing_pictures(version):
        messages.warning(request, f"The figure with picture {picture} was left out: it is no longer in the library.")
    article = actions.restore(version, by=staff(request))
    messages.success(request, f"{source} are in the draft now. The public page is unchanged.")
    return HttpResponseRedirect(reverse("admin:education_article_change", args=[article.pk]))
