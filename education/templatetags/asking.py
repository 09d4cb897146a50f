"""For templates that speak of the request form: lists line by line, and whether it takes requests now."""

from django import template

from education.consultations.public.availability import Intake, intake

register = template.Library()


@register.filter
def lines(text: str) -> list[str]:
    return text.splitlines()


@register.simple_tag
def intake_now() -> Intake:
    return intake()
