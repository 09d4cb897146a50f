"""The advice screen of a draft, and saving what people judged of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from education.accounts.models import staff
from education.advice import actions
from education.advice.draft import DraftAdvice
from education.advice.forms import JudgementForm, rebound
from education.advice.models import MAY_EDIT_PLAIN_WORDS
from education.advice.presentation import summarise
from education.articles import workflow
from education.articles.editing.screen import article_for, screen
from education.core.http import by_button
from education.core.text import counted

CHANGED = "The draft was changed while you were answering. What you chose is still here: look again, then save."


@require_safe
def advice(request: HttpRequest, pk: int) -> HttpResponse:
    draft = DraftAdvice(article_for(request, pk, workflow.MAY_VIEW))
    return _screen(request, draft, JudgementForm(draft.items, draft.sha256))


@by_button(lambda pk: reverse("article_advice", args=[pk]))
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    draft = DraftAdvice(article_for(request, pk, workflow.MAY_WRITE))
    form = JudgementForm(draft.items, draft.sha256, request.POST)
    if not form.is_valid():
        return _screen(request, draft, form, status=422)
    if not form.verdicts:
        messages.info(request, "You changed no judgement, so there was nothing to save.")
        return _back(pk)
    try:
        actions.save_judgements(
            draft.article, verdicts=form.verdicts, seen=form.cleaned_data["seen"], by=staff(request)
        )
    except actions.DraftChanged:
        messages.error(request, CHANGED)
        return _screen(request, draft, rebound(draft.items, draft.sha256, request.POST), status=409)
    messages.success(request, f"Saved: {counted(len(form.verdicts), 'judgement')}.")
    return _back(pk)


def _back(pk: int) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('article_advice', args=[pk])}?judging#pemat")


def _screen(request: HttpRequest, draft: DraftAdvice, form: JudgementForm, *, status: int = 200) -> HttpResponse:
    context = {
        "summary": summarise(draft.advice, draft.edit_link),
        "domains": [(domain, form.item_fields(domain)) for domain in draft.domains],
        "form": form,
        "may_write": staff(request).has_perm(workflow.MAY_WRITE),
        "may_edit_list": staff(request).has_perm(MAY_EDIT_PLAIN_WORDS),
        "open": sum(domain.open for domain in draft.domains),
        "judging": form.is_bound or "judging" in request.GET,
    }
    return screen(request, draft.article, "admin/advice/advice.html", context, title="Advice", status=status)
