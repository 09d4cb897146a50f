"""The starter library as sentences: what a patient reads, without markup or citations."""

import re
from functools import cache
from typing import Any

from education.articles.content import texts
from education.articles.library import STARTER
from education.articles.markdown import Source, parse
from education.core.html import plain
from education.references.actions import CITATION, cited_keys

Block = dict[str, Any]
PATHS = sorted(STARTER.glob("*.md"))
NAMES = [path.stem for path in PATHS]
END = re.compile(r"(?<=[.!?])[\s”]+(?=[A-Z“0-9])")


@cache
def source(name: str) -> Source:
    return parse((STARTER / f"{name}.md").read_text(encoding="utf-8"), name=name)


def pieces(name: str) -> list[str]:
    """Every paragraph, point and heading as plain words."""
    found = [str(source(name).front["title"]), str(source(name).front["summary"])]
    for block in source(name).blocks:
        found += [block.get(name, "") for name in ("title", "caption", "alt", "text", "first_group", "second_group")]
        found += [item for name in ("items", "dos", "donts", "known", "not_known") for item in block.get(name, ())]
        found += [cell for row in block.get("rows", ()) for cell in row]
        found += re.split(r"</(?:p|li|h2|h3)>|<(?:ul|ol)>|<br>", block.get("body", ""))
    bare = (plain(CITATION.sub("", piece)) for piece in found)
    return [piece for piece in bare if piece]


def sentences(name: str) -> list[str]:
    return [sentence for piece in pieces(name) for sentence in END.split(piece) if sentence]


def words(sentence: str) -> list[str]:
    return [word for word in sentence.split() if any(sign.isalnum() for sign in word)]


def cited(name: str) -> list[str]:
    return cited_keys(" ".join(texts({"blocks": source(name).blocks})))


def syllables(word: str) -> int:
    """Groups of vowels, with the silent e of English left out: near enough for a grade."""
    word = re.sub(r"[^a-z]", "", word.lower())
    count = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith("le") and count > 1:
        count -= 1
    return max(count, 1)


def grade(name: str) -> float:
    """Flesch-Kincaid: the school year in which this can be read."""
    said = sentences(name)
    spoken = [word for sentence in said for word in words(sentence) if word[0].isalpha()]
    return 0.39 * len(spoken) / len(said) + 11.8 * sum(map(syllables, spoken)) / len(spoken) - 15.59
