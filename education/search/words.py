"""Words as the index and the query are compared: without accents, case, and plural or possessive endings."""

import re

from education.core.text import clean_input, folded

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def words_of(text: str) -> list[str]:
    return [_stem(word) for word in WORD.findall(folded(clean_input(text)))]


def _stem(word: str) -> str:
    """`receptors` becomes `receptor`, `Sjögren's` `sjogren`; `lupus`, `arthritis` and `MS` stay as they are."""
    word = re.sub(r"'s?$", "", word).replace("'", "")
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


# Of a sentence in Spanish. None is an English word: whoever types one is told how to get an interpreter.
SPANISH = (
    "abuela abuelo ayuda ayudar ayudarme busco cuando cuanta cuanto cuantos doctora donde esposa esposo estoy hablan "
    "hablo hacer hermana hermano hija hijo llamar madre marido mujer necesita necesito padre pido puede pueden puedo "
    "quiere quiero siento tengo tiene tienen tomar tomo"
)
# They are on every page, or in every sentence of a language, so they say nothing about what somebody is looking for.
STOP_WORDS = frozenset(
    words_of(
        "a about always am an and any are as at be been by can do does feel feeling for from get got had has have how "
        "i if in is it just many me much my not of on or should so that the there this to was were what when where "
        "which who why will with would you your al con de del el en es esta la las lo los mi mis muy para por que se "
        "su todo un una "
        f"y {SPANISH}"
    )
)
