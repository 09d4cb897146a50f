"""Whether a study is in the library already, and the key of one that is not."""

import re
import unicodedata
from collections.abc import Collection
from itertools import product
from string import ascii_lowercase

from education.core.text import folded
from education.references.models import Reference

SIGNS = re.compile(r"[\W_]+")
STEM = 40  # letters of an author's name in a key
# Of the keys of the second, third … study with the same author and year: b to z, then aa to zz.
ENDINGS = (*ascii_lowercase[1:], *map("".join, product(ascii_lowercase, repeat=2)))


def bare(title: str) -> str:
    """A title without case, accents and punctuation, as it differs from one database to the next."""
    return SIGNS.sub("", folded(title))


def same_study(study: Reference, among: Collection[Reference] | None = None) -> Reference | None:
    """The study of the library that is this one: by DOI, else PubMed number, else title and year."""
    known = Reference.objects.all() if among is None else among
    for one in known:
        if study.doi and one.doi.lower() == study.doi.lower():
            return one
        if study.pmid and one.pmid == study.pmid:
            return one
    wanted = bare(study.title)
    return next((one for one in known if one.year == study.year and wanted and bare(one.title) == wanted), None)


def free_key(study: Reference) -> str:
    """A key such as younger-2013, or younger-2013b if another study has that one."""
    words = SIGNS.split(study.authors or study.title)
    plain = unicodedata.normalize("NFKD", next(filter(None, words), "")).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"^[^a-z]+", "", plain)[:STEM] or "study"
    base = f"{stem}-{study.year}" if study.year else stem
    used = set(Reference.objects.filter(key__startswith=base).values_list("key", flat=True))
    joined = "" if study.year else "-"
    return next(key for key in (base, *(f"{base}{joined}{end}" for end in ENDINGS)) if key not in used)
