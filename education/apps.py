"""The one Django app of this project."""

import gc
from importlib import import_module

from django.apps import AppConfig
from django.core.management import get_commands

from education.core.fields import speak_plainly

speak_plainly()  # here, because forms keep the words that hold while they are declared


class EducationConfig(AppConfig):
    name = "education"
    verbose_name = "Clinic"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        get_commands()["changepassword"] = self.name  # Django's own comes first in INSTALLED_APPS, and records nothing
        import_module("education.articles.content.checks")  # which needs the models, so not before they are there
        gc.freeze()  # what has been imported is never looked through again
        gc.enable()
