"""The form for a person."""

from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser

from education.people.models import Person

WHOSE_ACCOUNT = "Only its owner says whose account it is, or an administrator: it signs pages in this person’s name."


class PersonForm(forms.ModelForm[Person]):
    """`acting` is whoever edits it, and `manages_accounts` whether accounts of others are theirs to give."""

    acting: AbstractBaseUser
    manages_accounts = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields.get("account")
        if field is None or self.manages_accounts:
            return
        linked = self.instance.account_id
        field.queryset = field.queryset.filter(pk=linked or self.acting.pk)
        field.disabled = linked not in (None, self.acting.pk)
        field.help_text = WHOSE_ACCOUNT
        field.error_messages = {**field.error_messages, "invalid_choice": WHOSE_ACCOUNT}
