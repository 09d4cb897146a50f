"""The asking side in the admin: the queue's own screens under the usual addresses, and the rows that staff edit."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest
from django.urls import URLPattern, path

from education.accounts.models import staff
from education.audit.actions import record
from education.consultations import workflow
from education.consultations.disclosure import views as disclosure_views
from education.consultations.models import ConsultationRequest, IntakePause, ReplyTemplate, ScreeningQuestion
from education.consultations.triage import telephone, verb_views, views
from education.consultations.triage.forms import IntakePauseForm, QuestionForm, QuestionRowForm, ReplyTemplateForm

MOST_QUESTIONS = 8


@admin.register(ConsultationRequest)
class ConsultationRequestAdmin(admin.ModelAdmin[ConsultationRequest]):
    """Nothing to change or delete by hand; a request is added by telephone only."""

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
        screens: dict[str, tuple[Any, str]] = {
            "": (views.queue_screen, "changelist"),
            "add/": (telephone.enter, "add"),
            "search/": (views.search, "search"),
            "print/": (views.print_queue, "print_queue"),
            "export/": (disclosure_views.export, "export"),
            "<int:pk>/change/": (views.record, "change"),
            "<int:pk>/print/": (disclosure_views.print_record, "print"),
            "<int:pk>/copy/": (disclosure_views.copy, "copy"),
            "<int:pk>/person/": (disclosure_views.person, "person"),
            "<int:pk>/person/export/": (disclosure_views.export_person, "person_export"),
            "<int:pk>/person/erase/": (disclosure_views.erase_person, "person_erase"),
            "<int:pk>/call_back/": (verb_views.call_back, "call_back"),
            "<int:pk>/note/": (verb_views.note, "note"),
            "<int:pk>/close/": (verb_views.close, "close"),
            "<int:pk>/reply/": (verb_views.reply, "reply"),
            **{f"<int:pk>/{verb}/": (partial(verb_views.at_once, verb=verb), verb) for verb in verb_views.AT_ONCE},
            **{
                f"<int:pk>/{verb}/": (partial(verb_views.missed, verb=verb), verb)
                for verb in ("no_answer", "voicemail")
            },
        }
        return [
            path(route, self.admin_site.admin_view(view), name=f"education_consultationrequest_{name}")
            for route, (view, name) in screens.items()
        ]


class AuditedRows(admin.ModelAdmin[Any]):
    """Rows that staff edit. They are switched off, not deleted; the audit trail tells which fields changed."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool) -> None:
        obj.save()
        name = obj._meta.model_name
        detail = {"fields": " ".join(sorted(form.changed_data))}
        record(f"{name}_saved", by=staff(request), about=f"{name}:{obj.pk}", detail=detail)


@admin.register(ScreeningQuestion)
class ScreeningQuestionAdmin(AuditedRows):
    form = QuestionForm
    list_display = ("words", "flag_noticed", "clinicians_only", "active", "order")
    list_editable = ("active", "order")
    fields = QuestionForm.Meta.fields

    def get_changelist_form(self, request: HttpRequest, **options: Any) -> type[forms.ModelForm[Any]]:
        return super().get_changelist_form(request, form=QuestionRowForm, **options)

    def get_readonly_fields(self, request: HttpRequest, obj: ScreeningQuestion | None = None) -> tuple[str, ...]:
        return ("key",) if obj else ()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        count = ScreeningQuestion.objects.asked().count()
        if request.method == "GET" and count > MOST_QUESTIONS:
            messages.warning(
                request, f"The form asks {count} questions. People in pain give up: keep to {MOST_QUESTIONS}."
            )
        return super().changelist_view(request, extra_context)


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(AuditedRows):
    form = ReplyTemplateForm
    list_display = ("title", "subject", "active")


@admin.register(IntakePause)
class IntakePauseAdmin(AuditedRows):
    form = IntakePauseForm
    list_display = ("message", "begins", "until")
