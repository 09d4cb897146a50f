"""Consultation requests in the admin: our own screens at the admin's addresses, and the tables that staff edit."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest
from django.urls import URLPattern, path

from education.accounts.models import staff
from education.audit.actions import record
from education.consultations import workflow
from education.consultations.disclosure import views as disclosure
from education.consultations.models import ConsultationRequest, IntakePause, ReplyTemplate, ScreeningQuestion
from education.consultations.triage import telephone, views
from education.consultations.triage import verb_views as verbs
from education.consultations.triage.forms import (
    IntakePauseForm,
    QuestionForm,
    QuestionOrderForm,
    QuestionRowForm,
    ReplyTemplateForm,
)
from education.core.admin import ClinicAdmin, yes_or_no
from education.wording.admin import SignedWordsAdmin
from education.wording.models import MAY_SIGN

MAX_QUESTIONS = 8
# What a clinician decides about a question: whether it is asked, what its answers raise, and who sees them.
CLINICAL = ("flag_noticed", "flag_unsure", "flag_talk", "for_clinicians", "is_asked")
IN_WORDS = {"clinicians_only": "for_clinicians", "active": "is_asked"}  # to whoever does not decide
FOR_A_CLINICIAN = "A clinician decides what an answer raises, who sees it, and whether the question is asked."


@admin.register(ConsultationRequest)
class ConsultationRequestAdmin(ClinicAdmin[ConsultationRequest]):
    """Nobody changes or deletes a request by hand; staff add one only for a caller."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(workflow.MAY_WORK)

    def has_change_permission(self, request: HttpRequest, obj: ConsultationRequest | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ConsultationRequest | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: ConsultationRequest | None = None) -> bool:
        return request.user.has_perm(workflow.MAY_VIEW)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_urls(self) -> list[URLPattern]:
        """Names are written out, so that a search for one finds where it is declared."""
        return [*self._screens(), *self._verbs()]

    def _screens(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(views.queue_screen), name="education_consultationrequest_changelist"),
            path("add/", wrap(telephone.enter), name="education_consultationrequest_add"),
            path("search/", wrap(views.search), name="education_consultationrequest_search"),
            path("print/", wrap(views.print_queue), name="education_consultationrequest_print_queue"),
            path("export/", wrap(disclosure.export), name="education_consultationrequest_export"),
            path("<int:pk>/change/", wrap(views.record), name="education_consultationrequest_change"),
            path("<int:pk>/print/", wrap(disclosure.print_record), name="education_consultationrequest_print"),
            path("<int:pk>/copy/", wrap(disclosure.copy), name="education_consultationrequest_copy"),
            path("<int:pk>/person/", wrap(disclosure.person), name="education_consultationrequest_person"),
            path(
                "<int:pk>/person/export/",
                wrap(disclosure.export_person),
                name="education_consultationrequest_person_export",
            ),
            path(
                "<int:pk>/person/erase/",
                wrap(disclosure.erase_person),
                name="education_consultationrequest_person_erase",
            ),
        ]

    def _verbs(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/claim/", wrap(verbs.claim), name="education_consultationrequest_claim"),
            path("<int:pk>/contact/", wrap(verbs.contact), name="education_consultationrequest_contact"),
            path("<int:pk>/no_answer/", wrap(verbs.no_answer), name="education_consultationrequest_no_answer"),
            path("<int:pk>/voicemail/", wrap(verbs.voicemail), name="education_consultationrequest_voicemail"),
            path("<int:pk>/call_back/", wrap(verbs.call_back), name="education_consultationrequest_call_back"),
            path(
                "<int:pk>/needs_clinician/",
                wrap(verbs.needs_clinician),
                name="education_consultationrequest_needs_clinician",
            ),
            path("<int:pk>/book/", wrap(verbs.book), name="education_consultationrequest_book"),
            path("<int:pk>/note/", wrap(verbs.note), name="education_consultationrequest_note"),
            path("<int:pk>/task/", wrap(verbs.task), name="education_consultationrequest_task"),
            path(
                "<int:pk>/task/<int:number>/done/",
                wrap(verbs.task_done),
                name="education_consultationrequest_task_done",
            ),
            path(
                "<int:pk>/task/<int:number>/reopen/",
                wrap(verbs.task_reopen),
                name="education_consultationrequest_task_reopen",
            ),
            path(
                "<int:pk>/confirm_contact/",
                wrap(verbs.confirm_contact),
                name="education_consultationrequest_confirm_contact",
            ),
            path("<int:pk>/dismiss_mail/", wrap(verbs.dismiss_mail), name="education_consultationrequest_dismiss_mail"),
            path("<int:pk>/reply/", wrap(verbs.reply), name="education_consultationrequest_reply"),
            path("<int:pk>/close/", wrap(verbs.close), name="education_consultationrequest_close"),
            path("<int:pk>/spam/", wrap(verbs.spam), name="education_consultationrequest_spam"),
            path("<int:pk>/not_spam/", wrap(verbs.not_spam), name="education_consultationrequest_not_spam"),
            path("<int:pk>/reopen/", wrap(verbs.reopen), name="education_consultationrequest_reopen"),
        ]


class AuditedRows(ClinicAdmin[Any]):
    """Rows that staff edit. They are switched off, not deleted; the audit trail records which fields changed."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool) -> None:
        obj.save()
        name = obj._meta.model_name
        detail = {"fields": " ".join(sorted(form.changed_data))}
        record(f"{name}_saved", by=staff(request), about=f"{name}:{obj.pk}", detail=detail)


def _may_decide(request: HttpRequest) -> bool:
    """Which patient is called first is as clinical as the words of the question, which a clinician signs."""
    return bool(request.user.has_perm(MAY_SIGN))


@admin.register(ScreeningQuestion)
class ScreeningQuestionAdmin(SignedWordsAdmin[ScreeningQuestion], AuditedRows):
    form = QuestionForm
    list_display = ("words", "flag_noticed", "for_clinicians", "active", "order")
    list_editable = ("active", "order")

    def get_fieldsets(self, request: HttpRequest, obj: ScreeningQuestion | None = None) -> Any:
        fields = QuestionForm.Meta.fields
        if _may_decide(request):
            return [(None, {"fields": fields})]
        told = [IN_WORDS.get(name, name) for name in fields]
        return [(None, {"fields": told, "description": FOR_A_CLINICIAN})]

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        if _may_decide(request):
            return self.list_display
        return tuple(IN_WORDS.get(name, name) for name in self.list_display)

    @admin.display(description="clinicians only", ordering="clinicians_only")
    def for_clinicians(self, question: ScreeningQuestion) -> str:
        return yes_or_no("Clinicians only", question.clinicians_only)

    @admin.display(description="on the form")
    def is_asked(self, question: ScreeningQuestion) -> str:
        return yes_or_no("On the form", question.active)

    def get_changelist_form(self, request: HttpRequest, **options: Any) -> type[forms.ModelForm[Any]]:
        form = QuestionRowForm if _may_decide(request) else QuestionOrderForm
        return super().get_changelist_form(request, form=form, **options)

    def get_readonly_fields(self, request: HttpRequest, obj: ScreeningQuestion | None = None) -> tuple[str, ...]:
        return (*(("key",) if obj else ()), *(() if _may_decide(request) else CLINICAL))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        count = ScreeningQuestion.objects.asked().count()
        if request.method == "GET" and count > MAX_QUESTIONS:
            messages.warning(
                request, f"The form asks {count} questions. People in pain give up: keep to {MAX_QUESTIONS}."
            )
        return super().changelist_view(request, extra_context)


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(AuditedRows):
    form = ReplyTemplateForm
    list_display = ("title", "subject", "offered")

    @admin.display(description="offered", ordering="active")
    def offered(self, reply: ReplyTemplate) -> str:
        return yes_or_no("Offered", reply.active)


@admin.register(IntakePause)
class IntakePauseAdmin(AuditedRows):
    form = IntakePauseForm
    list_display = ("message", "begins", "until", "ended_at")
    readonly_fields = ("ended_at",)

    def get_fields(self, request: HttpRequest, obj: IntakePause | None = None) -> Any:
        """A pause can be ended as long as it runs, or will."""
        if obj is None:
            return ["message", "begins", "until"]
        return ["message", "begins", "until", "ended_at" if obj.ended_at else "end_now"]
