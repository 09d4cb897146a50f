"""`{% verb_button row "claim" "Claim" %}`: a button on a consultation request."""

from typing import Any

from django import template
from django.urls import reverse

from education.consultations.models import ConsultationRequest

register = template.Library()


@register.inclusion_tag("admin/consultations/_verb_button.html", takes_context=True)
def verb_button(
    context: template.Context, row: ConsultationRequest, verb: str, words: str, *, if_new: str = "", main: bool = False
) -> dict[str, Any]:
    address = reverse(f"admin:education_consultationrequest_{verb}", args=[row.pk])
    label = if_new if if_new and not row.assignee else words
    return {"address": address, "words": label, "main": main, "csrf_token": context.get("csrf_token")}
