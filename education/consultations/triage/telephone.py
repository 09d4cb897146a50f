"""The request form for staff: the same questions, asked on the telephone."""

import logging

from django.contrib import messages
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from education.accounts.models import staff
from education.consultations.form import forms, posted
from education.consultations.form.fields import without_tags
from education.consultations.form.forms import DEFAULTS, ConsultationForm
from education.consultations.form.layout import DateParts, Group, Note, Part
from education.consultations.form.parts import FOR_STAFF, birth_hint
from education.consultations.form.screening import Question, help_after, urgent_keys
from education.consultations.models import ONLY_CLINICIANS
from education.consultations.public import tokens
from education.consultations.public.actions import NotStored, Withdrawn
from education.consultations.public.availability import intake
from education.consultations.triage import actions
from education.consultations.triage.views import may_work, screen
from education.core.sealing import SealError

log = logging.getLogger(__name__)
KEEP_ADDRESS = "keep_address"  # the button for an address that is right as it is
# What the form says to a patient, said to whoever writes it down. What is stored are the patient's words.
CHOICES = {
    "asking_for": [("me", "The caller"), ("someone", "Someone else")],
    "proxy_contact": [("mine", "The caller"), ("theirs", "The patient")],
}
# Whoever reads this out types the answer in: until it is saved, it is no secret of the clinicians. Said in place of the
# one sentence that the screen of the questions asks for; all other words of theirs stay whole.
ONCE_SAVED = "I write your answer down. Once it is saved, only clinicians see it."
ANSWERS = {"unsure": "Not sure", "talk": "Rather talk"}
LABELS = {
    "proxy_name": "The caller’s name",
    "proxy_relation": "The caller’s relationship to the patient",
    "proxy_knows": "Do they know that the caller is asking?",
    "contact_by": "How should we reach them?",
    "voicemail_ok": "They allow a voice message",
    "interpreter_language": "Interpreter: which language?",
    "access_needs": "Anything that makes talking to us easier for them",
    "mail_link": "E-mail them a link to their receipt",
    "consent": "The caller: “I agree that the clinic keeps these answers and uses them to deal with this request.”",
}
HINTS = {
    "full_name": "The patient’s name.",
    "proxy_contact": "Enter that person’s telephone number or e-mail address below.",
    "preferred_name": "What they would like to be called.",
    "phone": "Read it back. From another country, start with + and its code.",
    "email": "Have it spelled out. We use it to confirm the request and agree on a time.",
    "best_times": "For example: not during work.",
    "main_reason": "A few words are enough.",
    "current_medicines": "Tablets, patches, injections, supplements, and what they buy without a prescription.",
    "mail_link": "Needs an e-mail address. Neither the e-mail nor the receipt shows their answers. Anyone who can read "
    "their e-mail can open the link.",
}
INTROS = {
    "proxy": "For a person under 18, a parent or guardian asks.",
    "about": "They can leave out anything here and say it later.",
    "health": "They can leave out anything here and say it to a clinician. Read aloud the words in quotation marks. "
    "Nobody should stop a medicine because of this call.",
}
FOR_SOMEONE_ELSE = "If the caller asks for someone else"
ONE_IS_ENOUGH = "A telephone number or an e-mail address is needed. One of the two is enough."
ERRORS = {
    forms.NAME_NEEDED: forms.PATIENTS_NAME_NEEDED,
    forms.CONTACT_NEEDED: "Enter a telephone number or an e-mail address, so that we can reach them.",
    forms.CONSENT_NEEDED: "Check the box if the caller agrees. Without it we may not keep the request.",
    forms.PROXY_NAME_NEEDED: "Enter the caller’s name, so that we know who is asking.",
    forms.PROXY_KNOWS_NEEDED: "Say whether they know that the caller is asking.",
    forms.PROXY_DETAILS_NEEDED: "They do not know yet, so we would not call them. Choose “The caller” and enter the "
    "caller’s details.",
}


@may_work
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        empty = ConsultationForm.filled_with({**DEFAULTS, "contact_by": "phone"}, ticks=intake().ticks)
        empty.fields["full_name"].widget.attrs["data-begin"] = True  # static/js/triage.js: somebody is on the line
        return _form(request, empty, tokens.new_form_token())
    typed = posted.with_accepted_suggestion(posted.read_post(request))
    token = tokens.read_form_token(typed.get("token", ""))
    form = ConsultationForm(typed, ticks=intake().ticks)
    if token is None or not form.is_valid() or (form.email_hint and typed.get("action") != KEEP_ADDRESS):
        return _form(request, form, tokens.new_form_token(token.nonce if token else ""))
    submission = form.submission(taken_by=staff(request).get_username())
    try:
        row = actions.enter_by_telephone(submission, nonce=token.nonce, by=staff(request))
    except Withdrawn:  # pressed once more, it is a new request
        return _form(request, form, tokens.new_form_token(), stored=False)
    except (Error, SealError, OSError, NotStored) as error:
        log.error("a request by telephone could not be stored (%s)", type(error).__name__)
        return _form(request, form, tokens.new_form_token(token.nonce), stored=False)
    _say_urgent(request, form)  # comes first, as the first message has the focus
    messages.success(request, f"Request {row.reference_shown} is entered. Tell the caller this reference.")
    return HttpResponseRedirect(reverse("admin:education_consultationrequest_change", args=[row.pk]))


def _say_urgent(request: HttpRequest, form: ConsultationForm) -> None:
    """Whom the caller needs now, if an answer is urgent or may be: also while the form lacks something else."""
    urgent = [question for question in form.asked if question.is_urgent]
    if keys := [one.key for one in urgent if form.data.get(one.field) in one.doubtful_answers]:
        told = {"help": help_after(keys, intake().help), "is_urgent": bool(urgent_keys(urgent, form.data))}
        messages.error(request, render_to_string("admin/consultations/_urgent_caller.html", told))


def _form(request: HttpRequest, form: ConsultationForm, token: str, *, stored: bool = True) -> HttpResponse:
    _say_urgent(request, form)
    _say_to_staff(form)
    context = {
        **intake().context(),
        "form": form,
        "token": token,
        "failed": form.is_bound and bool(form.errors),
        "unstored": not stored,
        "doubted": stored and form.is_bound and not form.errors and form.email_hint,
    }
    response = screen(request, "telephone", context, title="Take a request by telephone")
    response.status_code = 200 if stored else 503
    return response


def _say_to_staff(form: ConsultationForm) -> None:
    for name in form.fields:
        field = form.own_field(name)
        field.widget.attrs.pop("autocomplete", None)  # what it would fill in is about whoever sits at the desk
        words = without_tags(field.label)
        field.label = LABELS.get(name, FOR_STAFF.get(words, words))
        field.help_text = HINTS.get(name, field.help_text)
        if name in CHOICES:
            field.choices = CHOICES[name]
    for question in form.asked:
        field = form.own_field(question.field)
        hint = _read_out(question)
        field.label, field.help_text = f"“{field.label}”", hint and f"“{hint}”"
        field.choices = [(value, ANSWERS.get(value, words)) for value, words in question.choices]
        if question.is_urgent:
            field.help_text = _with_help(field.help_text, question, dict(field.choices))
    for part in form.parts:
        _say_part_to_staff(part)
    for errors in form.errors.values():
        errors[:] = [ERRORS.get(words, words) for words in map(str, errors)]


def _read_out(question: Question) -> str:
    """The hint, with what is true on the telephone about who sees the answer."""
    if not question.clinicians_only:
        return question.help
    kept = " ".join(question.help.replace(ONLY_CLINICIANS, " ").split())
    return f"{kept} {ONCE_SAVED}".strip()


def _with_help(hint: str, question: Question, choices: dict[str, str]) -> SafeString:
    """The hint, and whom to call: nobody looks for a number while somebody is on the line."""
    *others, last = [f"“{choices[value]}”" for value in question.doubtful_answers]
    answers = f"{', '.join(others)} or {last}"
    return render_to_string(
        "admin/consultations/_help_hint.html",
        {"hint": hint, "answers": answers, "help": help_after([question.key], intake().help)},
    )


def _say_part_to_staff(part: Part) -> None:
    part.title, part.intro = FOR_STAFF[without_tags(part.title)], INTROS.get(part.key, "")
    for item in part.fields:
        if isinstance(item, Group):
            item.legend, item.hint = FOR_SOMEONE_ELSE, INTROS[item.key]
        elif isinstance(item, Note):
            item.words = ONE_IS_ENOUGH
        elif isinstance(item, DateParts):
            item.hint = birth_hint("The patient’s.")
