"""Raised and lowered signs in plain characters: 10<sup>6</sup> is 10⁶, and never 106."""

RAISED = dict(zip("0123456789+-−=()ni/", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ⁄", strict=True))
LOWERED = dict(zip("0123456789+-−=()/", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎⁄", strict=True))


def raised(words: str) -> str:
    """In Unicode's raised signs where it has them all. Other words with a digit follow ^; words alone stay as they are,
    as in 5th, and so does the mark of a footnote.
    """
    if all(sign in RAISED for sign in words):
        return "".join(RAISED[sign] for sign in words)
    is_note = words.startswith("[")
    return f"^{words}" if any(sign.isdigit() for sign in words) and not is_note else words


def lowered(words: str) -> str:
    return "".join(LOWERED[sign] for sign in words) if all(sign in LOWERED for sign in words) else words
