"""Fills a prepared site with what a running clinic has: a profile, a member of staff, work that waits."""

from education.articles import actions
from education.articles.models import Article
from education.consultations.actions import load_examples
from education.staff.roles import ROLES
from tests import cast

CLINIC = {
    "name": "Clinic by the Quillwater",
    "telephone": "+1 555 0100",
    "email": "desk@clinic.example",
    "address": "1 River Road\nSpringfield",
    "emergency_words": "Call 911.",
    "reply_promise": "We reply within two working days.",
    "accent": "#7a2a5a",
}
STAFF = "sam"


def furnish() -> None:
    """Opening hours stay empty: the desk then has something to ask for."""
    cast.clinic(**CLINIC)
    everything = cast.staff(STAFF, *ROLES)
    load_examples(by=everything)
    overview = Article.objects.get(slug="overview")
    overview.summary += " Not published yet."
    overview.save()
    actions.draft_saved(overview, by=everything)
