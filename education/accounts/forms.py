"""Forms for accounts: the two behind one-time links, and the one for administrators."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation

from education.accounts.models import User
from education.accounts.roles import ROLES, role_choices

KNOWN_BY_NAME = "It stays: tasks, unsigned words and the record of actions know this person by it."


def min_password_length() -> int:
    validators = password_validation.get_default_password_validators()
    return max((getattr(validator, "min_length", 0) for validator in validators), default=0)


def password_rule() -> str:
    return f"At least {min_password_length()} characters. Four unrelated words do well."


class PasswordForm(forms.Form):
    """Asks for the password once: the page can show what was typed."""

    password = forms.CharField(
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "data-can-show": ""})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].help_text = password_rule()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "password" in data:
            try:
                password_validation.validate_password(data["password"], self.user)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data


class FirstAccountForm(PasswordForm):
    username = User._meta.get_field("username").formfield()
    email = forms.EmailField(label="E-mail (optional)", required=False)
    roles = forms.MultipleChoiceField(
        label="What may this account do?",
        choices=role_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="You can choose several. Other people get accounts of their own later.",
    )
    field_order = ("username", "password", "email", "roles")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=User(), **kwargs)
        self.fields["username"].label = "Username"
        self.fields["username"].help_text = "Letters, digits and @ . + - _"
        self.fields["username"].widget.attrs.update({"autocomplete": "username", "autocapitalize": "none"})
        self.initial.setdefault("roles", [*ROLES] if settings.TRIAL else ["administrator", "manager"])

    def clean_roles(self) -> list[str]:
        names: list[str] = self.cleaned_data["roles"]
        if "administrator" not in names:
            raise forms.ValidationError(
                "Choose Administrator too: the first account must be able to manage the others."
            )
        return names

    def clean(self) -> dict[str, Any]:
        self.user.username = self.cleaned_data.get("username", "")
        self.user.email = self.cleaned_data.get("email", "")
        data = super().clean()
        try:
            self.user.full_clean(exclude=["password", *self.errors])
        except forms.ValidationError as error:
            self.add_error(None, error)  # it names the field of each message
        return data


class StaffForm(forms.ModelForm[User]):
    """An account in the admin. `acting` is the administrator who edits it."""

    acting: User

    roles = forms.MultipleChoiceField(
        choices=role_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Roles add up: somebody who has two may do what either allows.",
        error_messages={"required": "Choose at least one role. Who leaves is kept out under “When somebody leaves”."},
    )
    new_link = forms.BooleanField(
        label="Make a new link to choose a password",
        required=False,
        help_text="If theirs is forgotten. The old password stops working at once; the second step stays.",
    )
    log_out = forms.BooleanField(
        label="Log this person out everywhere",
        required=False,
        help_text="For a device that was lost, or a session that nobody knows.",
    )

    class Meta:
        model = User
        fields = ("username", "email", "is_active")
        labels = {"email": "E-mail", "is_active": "May log in"}
        help_texts = {
            "username": "Letters, digits and @ . + - _",
            "email": "Gets a mail when this account is changed, and for comments and tasks.",
            "is_active": "Uncheck it: they are logged out everywhere, and their name stays on what they did.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["username"].disabled = True
            self.fields["username"].help_text = KNOWN_BY_NAME
            self.initial["roles"] = [name for name in ROLES if name in self.instance.role_names]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.instance == self.acting:
            if "administrator" not in data.get("roles", []):
                self.add_error("roles", "You can’t take Administrator from yourself. Ask another administrator.")
            if data.get("log_out"):
                self.add_error(
                    "log_out", "You can’t do this to yourself. See “Where you are logged in” in your account."
                )
            if not data.get("is_active") or data.get("new_link"):
                self.add_error(None, "You can’t lock yourself out. Change your own password under “Your account”.")
        return data
