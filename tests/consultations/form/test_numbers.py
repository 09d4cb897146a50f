"""Numbers in what the clinic wrote can be tapped; other figures stay words."""

import pytest

from education.templatetags.asking import with_numbers


@pytest.mark.parametrize(
    ("words", "links"),
    [
        ("Call 911 or go to the nearest emergency department.", ["tel:911"]),
        ("Call 112. In Britain 999.", ["tel:112", "tel:999"]),
        ("Samaritans: 116 123, at any hour.", ["tel:116123"]),
        ("Call or text 988, 24 hours a day, 7 days a week.", ["tel:988"]),
        ("Ring +44 20 7946 0100 or 1-800-555-0100.", ["tel:+442079460100", "tel:18005550100"]),
        ("Call (555) 010-0199.", ["tel:5550100199"]),
        ("Open 24/7, from 9 to 17.", []),
        ("", []),
    ],
)
def test_what_is_a_number_to_dial(words: str, links: list[str]) -> None:
    pieces = with_numbers(words)
    assert [piece.tel for piece in pieces if piece.tel] == links
    assert "".join(piece.words for piece in pieces) == words
