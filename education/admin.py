"""Index of the admin screens of all feature packages. No logic."""

from education.accounts import admin as accounts
from education.advice import admin as advice
from education.articles import admin as articles
from education.audit import admin as audit
from education.clinic import admin as clinic
from education.consultations import admin as consultations
from education.glossary import admin as glossary
from education.images import admin as images
from education.people import admin as people
from education.references import admin as references
from education.site import admin as site

__all__ = [
    "accounts",
    "advice",
    "articles",
    "audit",
    "clinic",
    "consultations",
    "glossary",
    "images",
    "people",
    "references",
    "site",
]
