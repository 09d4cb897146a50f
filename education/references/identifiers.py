"""DOIs and PubMed numbers, in all the ways in which people and files write them."""

import re
import unicodedata
from urllib.parse import quote, unquote

from django.core.exceptions import ValidationError

from education.core.text import whole_number

NOT_A_DOI = "This is not a DOI. It begins with 10. and holds a slash, such as 10.1002/art.37734."
NOT_A_PMID = "This is not a PubMed number (PMID). It has digits only, such as 23359310."
MAX_PASTED = 500  # an address is longer than the number in it
RESOLVER = re.compile(r"(?:https?://)?(?:(?:www\.|dx\.)?doi\.org/)?\s*(?:doi\s*:?\s*)?", re.IGNORECASE)
DOI = re.compile(r"10\.\d[\d.]*/\S+")
PUBMED = re.compile(
    r"(?:https?://)?(?:pubmed\.ncbi\.nlm\.nih\.gov/|(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed/)?(?:pmid\s*:?)?\s*"
    r"(\d+)(?:\.0+)?/?",
    re.IGNORECASE,
)
QUERY = re.compile(r"[?#].*", re.DOTALL)  # what an address ends with; a DOI in it has these signs encoded
SEVERAL = re.compile(r"[\s;,|]+(?=https?:|doi|10\.)", re.IGNORECASE)
SAFE_IN_ADDRESS = "/():;.,-_~"


def doi(written: str) -> str:
    """The DOI itself, without a resolver's address around it; empty if this is none.

    >>> doi("https://www.doi.org/10.1002%2Fart.37734.")
    '10.1002/art.37734'
    """
    copied = _visible(written).lstrip("([\"'“‘")
    bare = RESOLVER.sub("", copied, count=1)
    if "doi.org/" in copied.lower():
        bare = QUERY.sub("", bare)
    if "%2f" in bare.lower() or bare != copied:  # copied from an address, which is percent-encoded
        bare = unquote(bare)
    bare = _without_what_follows(bare)
    return bare if DOI.fullmatch(bare) else ""


def dois(written: str) -> list[str]:
    """Every DOI in a cell that may hold several."""
    return [found for part in SEVERAL.split(_visible(written)) if (found := doi(part))]


def pmid(written: str) -> str:
    """PubMed's number of an article, in digits; empty if this is none. Files write 0 where there is none."""
    found = PUBMED.fullmatch(_visible(written))
    number = whole_number(found[1]) if found else None
    return str(number) if number else ""


def address_of(bare_doi: str) -> str:
    """The address that a DOI leads to. Older DOIs hold signs that would end an address, such as < and #."""
    return f"https://doi.org/{quote(bare_doi, safe=SAFE_IN_ADDRESS)}"


def clean_doi(written: str) -> str:
    """The DOI itself. Raises ValidationError for anything else but nothing."""
    if _visible(written) and not doi(written):
        raise ValidationError(NOT_A_DOI)
    return doi(written)


def clean_pmid(written: str) -> str:
    """The number itself. Raises ValidationError for anything else but nothing."""
    if _visible(written) and not pmid(written):
        raise ValidationError(NOT_A_PMID)
    return pmid(written)


def _without_what_follows(bare: str) -> str:
    """The DOI without the full stop or bracket of the sentence around it. Older DOIs hold brackets of their own."""
    shorter = bare.rstrip(".,;\"'”’")
    for opening, closing in ("()", "[]"):
        if shorter.endswith(closing) and shorter.count(closing) > shorter.count(opening):
            shorter = shorter[:-1]
    return shorter if shorter == bare else _without_what_follows(shorter)


def _visible(written: str) -> str:
    """The text without what can't be seen: spaces at the ends, zero-width spaces, marks of direction."""
    return "".join(sign for sign in written if unicodedata.category(sign) not in ("Cf", "Cc")).strip()
