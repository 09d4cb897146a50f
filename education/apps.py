"""The one Django app of this project."""

from importlib import import_module

from django.apps import AppConfig


class EducationConfig(AppConfig):
    name = "education"
    verbose_name = "Clinic"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("education.articles.content.checks")  # which needs the models, so not before they are there
