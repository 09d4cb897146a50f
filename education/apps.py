"""The one Django app of this project."""

from django.apps import AppConfig


class EducationConfig(AppConfig):
    name = "education"
    verbose_name = "Clinic"
    default_auto_field = "django.db.models.BigAutoField"
