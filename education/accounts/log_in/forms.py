"""The log-in form."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from allauth.account.stages import LoginStageController
from allauth.mfa.stages import AuthenticateStage
from django import forms
from django.http import HttpRequest, HttpResponse


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
