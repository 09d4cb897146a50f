"""What was done, in words."""

import pytest

from education.audit.admin import in_words


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("request_claim", "Request claimed"),
        ("request_needs_clinician", "Request passed to a clinician"),
        ("article_publish_unsigned", "Article published unsigned"),
        ("comment_add", "Comment added"),
        ("second_factor_reset", "Second factor reset"),
        ("intakepause_saved", "Intake pause saved"),
        ("refused", "Refused"),
    ],
)
def test_a_verb_is_read_as_what_was_done(verb: str, said: str) -> None:
    assert in_words(verb) == said
