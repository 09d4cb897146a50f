"""The log-in form, and the forms for a code of the second factor."""

import re
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.account.stages import LoginStageController
from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django import forms
from django.contrib import messages
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse

from education.accounts.forms import password_rule


class LogInForm(LoginForm):  # type: ignore[misc]
    """Asks for a code of the second factor on the same page while log-ins are slowed (throttle.py)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "code" in self.data:
            self._ask_for_code()

    def _ask_for_code(self) -> None:
        attributes = {"autocomplete": "one-time-code", "autocapitalize": "none"}
        self.fields["code"] = forms.CharField(
            label="Code from your authenticator app, or a recovery code",
            max_length=40,
            required=False,
            widget=forms.TextInput(attrs=attributes),
        )

    def user_credentials(self) -> dict[str, Any]:
        return {**super().user_credentials(), "code": self.cleaned_data.get("code", "")}

    def clean(self) -> Any:
        try:
            return super().clean()
        except forms.ValidationError as error:
            if error.code == "slowed_log_in" and "code" not in self.fields:
                self._ask_for_code()
            if error.code == "username_password_mismatch" and self.cleaned_data.get("code"):
                raise get_adapter().validation_error("username_password_code_mismatch") from error
            raise

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        factor = getattr(self.user, "second_factor", None)
        if factor:  # was right already: it is not asked for on a page of its own
            factor.save()
            LoginStageController(request, self._login).set_handled(AuthenticateStage.key)
        response: HttpResponse = super().login(request, redirect_url=redirect_url)
        return response


class NewPasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """Asks for the new password once, as all other forms do: the page can show what was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["oldpassword"].label = "Password now"
        new = self.fields["password1"]
        new.label, new.help_text = "New password", password_rule()
        new.widget.attrs["data-can-show"] = ""


class WorksOnce:
    """django-allauth remembers a used code for one period. It is accepted in three (MFA_TOTP_TOLERANCE)."""

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        found: Authenticator = self.authenticator  # type: ignore[attr-defined]
        seconds = (2 * app_settings.TOTP_TOLERANCE + 1) * app_settings.TOTP_PERIOD
        used = f"totp-used:{found.pk}:{re.sub(r'[^0-9]', '', code)}"
        if found.type == Authenticator.Type.TOTP and not caches["database"].add(used, True, seconds):
            raise get_mfa_adapter().validation_error("incorrect_code")
        return code


class CodeForm(WorksOnce, AuthenticateForm):  # type: ignore[misc]
    def save(self) -> None:
        super().save()
        found: Authenticator = self.authenticator
        if found.type == Authenticator.Type.RECOVERY_CODES:
            found.refresh_from_db()  # another object has crossed the code out
            left = len(found.wrap().get_unused_codes())
            messages.warning(context.request, _codes_left(left))


def _codes_left(left: int) -> str:
    how_many = f"{left} {'is' if left == 1 else 'are'} left" if left else "none is left"
    advice = "If your phone is lost, add the new one under “Your account”"
    return f"That was a recovery code: {how_many}. {advice}{'' if left else ', and make new codes there'}."


class CodeAgainForm(WorksOnce, ReauthenticateForm):  # type: ignore[misc]
    pass
