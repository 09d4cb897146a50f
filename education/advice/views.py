"""The screen that advises on a draft, and the button that keeps what people judged of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from education.accounts.models import staff
from education.advice import actions
from education.advice.draft import Draft
from education.advice.forms import JudgementForm, still_typed
from education.advice.models import MAY_EDIT_PLAIN_WORDS
from education.advice.report import report
from education.articles import workflow
from education.articles.editing.screen import article_for, screen
from education.core.text import counted

CHANGED = "The draft was changed while you were judging it. Your ticks are still here: look again, then save."


@require_safe
def advice(request: HttpRequest, pk: int) -> HttpResponse:
    draft = Draft(article_for(request, pk, workflow.MAY_VIEW))
    return _screen(request, draft, JudgementForm(draft.items, draft.sha256))


@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    draft = Draft(article_for(request, pk, workflow.MAY_WRITE))
    form = JudgementForm(draft.items, draft.sha256, request.POST)
    if not form.is_valid():
        return _screen(request, draft, form, status=422)
    if not form.verdicts:
        messages.info(request, "You changed no judgement, so there was nothing to save.")
        return _back(pk)
    try:
        actions.judge(draft.article, verdicts=form.verdicts, seen=form.cleaned_data["seen"], by=staff(request))
    except actions.DraftChanged:
        messages.error(request, CHANGED)
        return _screen(request, draft, still_typed(draft.items, draft.sha256, request.POST), status=409)
    messages.success(request, f"Saved: {counted(len(form.verdicts), 'judgement')}.")
    return _back(pk)


def _back(pk: int) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('article_advice', args=[pk])}?judging#pemat")


def _screen(request: HttpRequest, draft: Draft, form: JudgementForm, *, status: int = 200) -> HttpResponse:
    context = {
        "report": report(draft.advice, draft.place),
        "parts": [(part, form.questions(part)) for part in draft.parts],
        "form": form,
        "may_write": staff(request).has_perm(workflow.MAY_WRITE),
        "may_list": staff(request).has_perm(MAY_EDIT_PLAIN_WORDS),
        "open": sum(part.open for part in draft.parts),
        "judging": form.is_bound or "judging" in request.GET,
    }
    return screen(request, draft.article, "admin/advice/advice.html", context, title="Advice", status=status)
