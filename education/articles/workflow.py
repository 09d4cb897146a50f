"""Which verb is allowed on an article in which state, and with which permission. Every action checks this table first.

The state is the draft's. What patients read is the current edition, which can be withdrawn in any state.
"""

from education.core.workflow import Transition, Workflow
from education.wording.models import MAY_SIGN as MAY_SIGN

DRAFT, IN_REVIEW, SIGNED_OFF = "draft", "in_review", "signed_off"
SCHEDULED, PUBLISHED, WITHDRAWN = "scheduled", "published", "withdrawn"
MAY_VIEW = "education.view_article"
MAY_ADD = "education.add_article"
MAY_WRITE = "education.change_article"
MAY_PUBLISH = "education.publish_article"

# “write”: the content changed. “match”: the content is that of the live edition again.
ARTICLES = Workflow(
    states=(DRAFT, IN_REVIEW, SIGNED_OFF, SCHEDULED, PUBLISHED, WITHDRAWN),
    transitions=(
        Transition(DRAFT, "write", DRAFT, MAY_WRITE),
        Transition(DRAFT, "match", PUBLISHED, MAY_WRITE),
        Transition(DRAFT, "submit", IN_REVIEW, MAY_WRITE),
        Transition(DRAFT, "sign", SIGNED_OFF, MAY_SIGN),
        Transition(DRAFT, "publish_unsigned", PUBLISHED, MAY_PUBLISH),
        Transition(DRAFT, "withdraw", WITHDRAWN, MAY_PUBLISH),
        Transition(DRAFT, "restore", DRAFT, MAY_WRITE),
        Transition(IN_REVIEW, "write", IN_REVIEW, MAY_WRITE),
        Transition(IN_REVIEW, "match", PUBLISHED, MAY_WRITE),
        Transition(IN_REVIEW, "send_back", DRAFT, MAY_SIGN),
        Transition(IN_REVIEW, "sign", SIGNED_OFF, MAY_SIGN),
        Transition(IN_REVIEW, "publish_unsigned", PUBLISHED, MAY_PUBLISH),
        Transition(IN_REVIEW, "withdraw", WITHDRAWN, MAY_PUBLISH),
        Transition(IN_REVIEW, "restore", DRAFT, MAY_WRITE),
        Transition(SIGNED_OFF, "write", DRAFT, MAY_WRITE),
        Transition(SIGNED_OFF, "match", PUBLISHED, MAY_WRITE),
        Transition(SIGNED_OFF, "send_back", DRAFT, MAY_SIGN),
        Transition(SIGNED_OFF, "sign", SIGNED_OFF, MAY_SIGN),  # a full review after a small one, or a second clinician
        Transition(SIGNED_OFF, "publish", PUBLISHED, MAY_PUBLISH),
        Transition(SIGNED_OFF, "schedule", SCHEDULED, MAY_PUBLISH),
        Transition(SIGNED_OFF, "withdraw", WITHDRAWN, MAY_PUBLISH),
        Transition(SIGNED_OFF, "restore", DRAFT, MAY_WRITE),
        Transition(SCHEDULED, "write", DRAFT, MAY_WRITE),
        Transition(SCHEDULED, "match", PUBLISHED, MAY_WRITE),
        Transition(SCHEDULED, "send_back", DRAFT, MAY_SIGN),
        Transition(SCHEDULED, "publish", PUBLISHED, MAY_PUBLISH),  # at its time, or before it
        Transition(SCHEDULED, "unschedule", SIGNED_OFF, MAY_PUBLISH),
        Transition(SCHEDULED, "withdraw", WITHDRAWN, MAY_PUBLISH),
        Transition(SCHEDULED, "restore", DRAFT, MAY_WRITE),
        Transition(PUBLISHED, "write", DRAFT, MAY_WRITE),
        Transition(PUBLISHED, "send_back", DRAFT, MAY_SIGN),
        Transition(PUBLISHED, "sign", PUBLISHED, MAY_SIGN),  # reviewed, nothing to change
        Transition(PUBLISHED, "withdraw", WITHDRAWN, MAY_PUBLISH),
        Transition(PUBLISHED, "restore", DRAFT, MAY_WRITE),
        Transition(WITHDRAWN, "write", DRAFT, MAY_WRITE),
        Transition(WITHDRAWN, "submit", IN_REVIEW, MAY_WRITE),
        Transition(WITHDRAWN, "sign", SIGNED_OFF, MAY_SIGN),
        Transition(WITHDRAWN, "restore", DRAFT, MAY_WRITE),
        *(
            Transition(state, "set_expiry", state, MAY_PUBLISH)
            for state in (DRAFT, IN_REVIEW, SIGNED_OFF, SCHEDULED, PUBLISHED)
        ),
    ),
)
