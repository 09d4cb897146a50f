"""Admin screens of rows whose words wait for a signature."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from education.audit.actions import signed_in
from education.core.admin import ClinicAdmin
from education.wording import actions
from education.wording.models import MAY_SIGN, Row

WAIT = "Patients go on reading the words from before until a clinician signs these."
WAIT_NEW = "Patients read these words once a clinician has signed them."


class SignedWordsAdmin(ClinicAdmin[Row]):
    """Notes who wrote. After a save that changed words which now wait, whoever may sign gets them to read, others are
    told. What else was saved, patients may read at once.
    """

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        stored = self.model._default_manager.filter(pk=form.instance.pk).first()
        form.words_before = stored.words_json() if stored else ""
        return super().save_form(request, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        row = self.model._default_manager.get(pk=form.instance.pk)
        form.instance.words_changed = row.words_json() != form.words_before
        if form.instance.words_changed:
            actions.note_writer(row, by=signed_in(request))

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self._after_save(request, obj, super().response_add(request, obj, post_url_continue))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._after_save(request, obj, super().response_change(request, obj))

    def _after_save(self, request: HttpRequest, obj: Row, response: HttpResponse) -> HttpResponse:
        if not (obj.words_changed and obj.words_wait):
            return response
        messages.warning(request, WAIT if obj.public_words() else WAIT_NEW)
        if "_save" in request.POST and IS_POPUP_VAR not in request.POST and request.user.has_perm(MAY_SIGN):
            return redirect(f"{reverse('words_waiting')}#{obj.words_kind()}-{obj.pk}")
        return response
