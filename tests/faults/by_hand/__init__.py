"""What takes too long for the suite, or needs root: run by hand, as README.md in the folder above says."""

import os

import django

import tests.environment  # noqa: F401  # a data folder of its own, before the settings are read

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic_site.settings")
django.setup()
