"""For staff pages: the idle lock, and the forms of django-allauth."""

from typing import Any

from django import template
from django.contrib.admin.views.main import ChangeList
from django.forms import BoundField
from django.utils.safestring import SafeString

from education.accounts import idle
from education.consultations.form.parts import ANSWERS_FOR_STAFF, FOR_STAFF
from education.core.text import full_stop, in_fours, today_or_date, unbroken

register = template.Library()


@register.simple_tag
def lock_after() -> int:
    """Seconds without activity after which a session locks."""
    return int(idle.LOCK_AFTER.total_seconds())


@register.simple_tag
def warn_before() -> int:
    """Seconds before the lock at which the page warns."""
    return int(idle.WARN_BEFORE.total_seconds())


@register.filter
def filters_set(changes: ChangeList) -> int:
    """How many of the filters of a list are set."""
    return sum(bool(each.used_parameters) for each in changes.filter_specs)


@register.simple_tag
def account_field(field: BoundField, *, begins: bool = False) -> SafeString:
    """Without the label that django-allauth repeats as a placeholder, which looks like an answer already given.
    `begins`: whoever opens the page types here first.
    """
    return field.as_widget(attrs={"placeholder": False, "autofocus": begins})


@register.filter
def with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


register.filter(full_stop)
register.filter(in_fours)
register.filter(today_or_date)
register.filter(unbroken)


@register.filter
def for_staff(words: str) -> str:
    """A title or label of the request form, as staff read it."""
    return FOR_STAFF.get(words, words)


@register.filter
def answer_for_staff(row: dict[str, Any]) -> str:
    """An answer of the sealed document, as staff read it: “Me” is not them."""
    return ANSWERS_FOR_STAFF.get((row["field"], row["answer"]), str(row["answer"]))
