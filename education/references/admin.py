"""References in the admin."""

from django.contrib import admin
from django.db import models

from education.references.models import Reference


@admin.register(Reference)
class ReferenceAdmin(admin.ModelAdmin[Reference]):
    list_display = ["key", "title", "year", "kind", "status"]
    list_filter = ["kind", "status"]
    search_fields = ["key", "title", "authors"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
