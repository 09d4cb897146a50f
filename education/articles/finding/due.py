"""When the full review of a live page is due: the groups of the review board, to which the list of articles is narrowed
too.
"""

from datetime import date, timedelta
from itertools import pairwise

from django.db.models import Q

from education.articles.models import SignOff

PARAMETER = "review"  # query parameter of the list of articles
OVERDUE, LATER, NEVER = "overdue", "later", "never"
WITHIN = (30, 60, 90)  # days
TITLES = {
    OVERDUE: "Overdue",
    NEVER: "Never reviewed",
    "30": "Due within 30 days",
    **{str(end): f"Due in {start + 1} to {end} days" for start, end in pairwise(WITHIN)},
    LATER: "Due later",
}


def due(today: date) -> dict[str, Q]:
    """The filter for the pages of each group. The database begins with the reviews of that time, which are few."""
    ends = [today + timedelta(days=days) for days in (-1, *WITHIN)]
    within = {
        str(days): Q(next_review__gt=before, next_review__lte=end)
        for days, (before, end) in zip(WITHIN, pairwise(ends), strict=True)
    }
    times = {OVERDUE: Q(next_review__lte=ends[0]), **within, LATER: Q(next_review__gt=ends[-1])}
    groups = {name: Q(review__in=SignOff.objects.filter(when).order_by()) for name, when in times.items()}
    groups[NEVER] = Q(review__isnull=True)
    return {name: groups[name] for name in TITLES}
