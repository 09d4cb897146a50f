"""Studies in files of other programs: RIS, BibTeX, PubMed's NBIB, CSL-JSON. A bad file is refused with its line."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import bibtexparser
import rispy
from bibtexparser.bparser import BibTexParser
from bibtexparser.customization import convert_to_unicode
from django.core.exceptions import ValidationError

from education.core.text import clean_input, one_line
from education.references import identifiers
from education.references.models import YEAR, Reference

MAX_BYTES = 1_000_000
MAX_STUDIES = 300
MAX_AUTHORS = 6
MAX_QUOTED = 60
UNKNOWN = "This is not a RIS, BibTeX, NBIB or CSL-JSON file: line {line} reads “{words}”."
NOT_ENDED = "Line {line}: this entry does not end. The file may have been cut off."
BIBTEX_ENTRY = re.compile(r"^[ \t]*@(?!comment|string|preamble)\w+\s*[{(]\s*([^,\s]*)", re.IGNORECASE | re.MULTILINE)
RIS_LINE = re.compile(r"([A-Z][A-Z0-9])  - ?")
PMID_LINE = re.compile(r"PMID- ")
# What PubMed and CSL call a publication, and what it is called here.
KINDS = {
    "randomized controlled trial": Reference.Kind.RCT,
    "meta-analysis": Reference.Kind.META_ANALYSIS,
    "practice guideline": Reference.Kind.GUIDELINE,
    "guideline": Reference.Kind.GUIDELINE,
    "observational study": Reference.Kind.OBSERVATIONAL,
    "case reports": Reference.Kind.CASE_REPORT,
    "clinical trial protocol": Reference.Kind.PROTOCOL,
    "systematic review": Reference.Kind.REVIEW,
    "review": Reference.Kind.REVIEW,
}


class BrokenFile(ValueError):
    """The file can't be read. The message says why, and at which line."""


@dataclass
class Incoming:
    """One study of a file, not stored: without a key, and with `kind` only if the file says so."""

    line: int
    study: Reference
    problems: list[str] = field(default_factory=list)
    same: Reference | None = None  # the study of the library that it is


def read(data: bytes) -> list[Incoming]:
    """The studies in the file. Raises BrokenFile."""
    if len(data) > MAX_BYTES:
        raise BrokenFile("This file is larger than 1 MB. Divide it.")
    text = _decoded(data)
    found = [_checked(line, fields) for line, fields in _format_of(text)(text)]
    if not found:
        raise BrokenFile("There is no study in this file.")
    if len(found) > MAX_STUDIES:
        raise BrokenFile(f"This file holds {len(found)} studies; {MAX_STUDIES} are taken at once. Divide it.")
    return found


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BrokenFile(f"Line {line} holds signs that are not UTF-8. Save the file as UTF-8.") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


Fields = dict[str, Any]  # of a Reference, with authors as a list
Reader = Callable[[str], Iterator[tuple[int, Fields]]]


def _format_of(text: str) -> Reader:
    number, first = next(((n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()), (1, ""))
    if first.lstrip()[:1] in ("[", "{"):
        return _csl
    if BIBTEX_ENTRY.search(text):
        return _bibtex
    for pattern, reader in ((PMID_LINE, _nbib), (RIS_LINE, _ris)):
        if pattern.match(first):
            return reader
    raise BrokenFile(UNKNOWN.format(line=number, words=first.strip()[:MAX_QUOTED]))


def _ris(text: str) -> Iterator[tuple[int, Fields]]:
    begun, lines = 0, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        tag = found[1] if (found := RIS_LINE.match(line)) else ""
        if tag == "TY" and begun:
            raise BrokenFile(NOT_ENDED.format(line=begun))
        if not begun and line.strip() and tag != "TY":
            raise BrokenFile(f"Line {number}: “{line.strip()[:MAX_QUOTED]}” stands outside of any entry.")
        if tag == "TY":
            begun, lines = number, []
        lines.append(line)
        if tag == "ER":
            yield begun, _of_ris(rispy.loads("\n".join(lines), skip_unknown_tags=True)[0])
            begun = 0
    if begun:
        raise BrokenFile(NOT_ENDED.format(line=begun))


def _of_ris(entry: dict[str, Any]) -> Fields:
    journal = ("secondary_title", "journal_name", "alternate_title3", "alternate_title1", "alternate_title2")
    pages = "-".join(part for part in (entry.get("start_page"), entry.get("end_page")) if part)
    database = str(entry.get("name_of_database", "")).lower()
    return {
        "title": entry.get("title") or entry.get("primary_title"),
        "authors": entry.get("authors") or entry.get("first_authors") or [],
        "journal": next((entry[name] for name in journal if entry.get(name)), ""),
        "year": entry.get("year") or entry.get("publication_year") or entry.get("date"),
        "volume": entry.get("volume"),
        "pages": pages,
        "doi": entry.get("doi"),
        "pmid": entry.get("accession_number") if "pubmed" in database or "medline" in database else "",
        "url": (entry.get("urls") or [""])[0],
        "types": [entry.get("type_of_work", "")],
    }


class NbibParser(rispy.RisParser):  # type: ignore[misc]
    """PubMed's files have tags of up to four letters, and no line that ends an entry: one is added for each."""

    START_TAG, END_TAG = "PMID", "ENDS"
    DEFAULT_MAPPING: ClassVar[dict[str, str]] = {
        **{"PMID": "pmid", "TI": "title", "FAU": "full", "AU": "authors", "DP": "year", "JT": "journal"},
        **{"TA": "short", "VI": "volume", "PG": "pages", "LID": "ids", "AID": "ids", "PT": "types"},
    }
    DEFAULT_LIST_TAGS: ClassVar[list[str]] = ["AU", "FAU", "LID", "AID", "PT"]
    DEFAULT_DELIMITER_MAPPING: ClassVar[dict[str, str]] = {}

    def parse_line(self, line: str) -> tuple[str | None, str]:
        found = re.match(r"([A-Z]{2,4}) *- ?(.*)", line)
        return (found[1], found[2].strip()) if found else (None, line.strip())


def _nbib(text: str) -> Iterator[tuple[int, Fields]]:
    begun, lines = 0, list[str]()
    for number, line in enumerate([*text.split("\n"), "PMID- "], 1):
        if PMID_LINE.match(line):
            if begun:
                yield begun, _of_nbib(NbibParser(skip_unknown_tags=True).parse("\n".join([*lines, "ENDS- "]))[0])
            begun, lines = number, []
        elif line.strip() and not re.match(r"[A-Z]{2,4} *- |\s{4}", line):
            raise BrokenFile(f"Line {number}: “{line.strip()[:MAX_QUOTED]}” is no line of an NBIB file.")
        lines.append(line)


def _of_nbib(entry: dict[str, Any]) -> Fields:
    dois = [one.removesuffix(" [doi]") for one in entry.get("ids", []) if one.endswith("[doi]")]
    return {**entry, "doi": dois[0] if dois else "", "journal": entry.get("short") or entry.get("journal")}


def _bibtex(text: str) -> Iterator[tuple[int, Fields]]:
    parser = BibTexParser(common_strings=True, ignore_nonstandard_types=False, customization=convert_to_unicode)
    entries = {entry["ID"]: entry for entry in bibtexparser.loads(text, parser).entries}
    for begun in BIBTEX_ENTRY.finditer(text):
        line = text.count("\n", 0, begun.start()) + 1
        if begun[1] not in entries:
            raise BrokenFile(NOT_ENDED.format(line=line))
        entry = {name: re.sub(r"[{}]", "", str(value)) for name, value in entries[begun[1]].items()}
        fields = {name: entry.get(name) for name in ("title", "journal", "year", "volume", "doi", "pmid", "url")}
        fields["journal"] = entry.get("journal") or entry.get("booktitle")
        authors = re.split(r"\s+and\s+", entry.get("author", ""))
        yield line, {**fields, "authors": authors, "pages": entry.get("pages", "").replace("--", "-")}


def _csl(text: str) -> Iterator[tuple[int, Fields]]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise BrokenFile(f"Line {error.lineno}: this is no JSON. {error.msg}.") from error
    items = data.get("items", [data]) if isinstance(data, dict) else data
    place = 0
    for item in items:
        if not isinstance(item, dict):
            raise BrokenFile(f"Line 1: an entry is “{str(item)[:MAX_QUOTED]}” and no study.")
        place = max(place, text.find(json.dumps(item.get("title", ""), ensure_ascii=False), place))
        yield text.count("\n", 0, place) + 1, of_csl(item)


def of_csl(item: dict[str, Any]) -> Fields:
    """What Crossref and reference managers write for one study."""
    authors = [
        ", ".join(str(one[part]) for part in ("family", "given") if one.get(part)) or str(one.get("literal", ""))
        for one in item.get("author") or []
        if isinstance(one, dict)
    ]
    issued = item.get("issued") or {}
    parts = issued.get("date-parts") or [[issued.get("raw", "")]] if isinstance(issued, dict) else [[issued]]
    return {
        "title": _first(item.get("title")),
        "authors": authors,
        "journal": _first(item.get("container-title-short")) or _first(item.get("container-title")),
        "year": parts[0][0] if parts and parts[0] else "",
        "volume": item.get("volume"),
        "pages": item.get("page"),
        "doi": item.get("DOI"),
        "pmid": item.get("PMID"),
        "url": "" if item.get("DOI") else item.get("URL"),
        "types": [item.get("genre", "")],
    }


def _first(value: Any) -> Any:
    return (value or [""])[0] if isinstance(value, list) else value


def _checked(line: int, fields: Fields) -> Incoming:
    found = Incoming(line, study_of(fields))
    if not found.study.title:
        found.problems.append("It has no title.")
    try:
        found.study.clean_fields(exclude={"key", "kind", "title"})
        found.study.clean()
    except ValidationError as error:
        found.problems += [f"{_named(name)}: {' '.join(said)}" for name, said in error.message_dict.items()]
    return found


def _named(field: str) -> str:
    """As the form of a study names it."""
    column: Any = Reference._meta.get_field(field)
    words = str(column.verbose_name)
    return f"{words[:1].upper()}{words[1:]}"


def study_of(fields: Fields) -> Reference:
    """An unsaved study with what these fields hold, as this library writes it."""

    def words(name: str) -> str:
        return one_line(clean_input(str(fields.get(name) or "")))

    year = YEAR.search(words("year"))
    kinds = [KINDS[kind] for said in fields.get("types") or [] if (kind := str(said).lower()) in KINDS]
    doi = identifiers.doi(words("doi"))
    return Reference(
        title=words("title").rstrip("."),
        authors=_authors([clean_input(str(one)) for one in fields.get("authors") or []]),
        journal=words("journal"),
        year=int(year[0]) if year else None,
        volume=words("volume"),
        pages=words("pages"),
        doi=doi or words("doi"),
        pmid=words("pmid"),
        url="" if doi else words("url"),
        kind=kinds[0] if kinds else "",
    )


def _authors(names: list[str]) -> str:
    short = [_short_name(name) for name in names if name.strip()]
    return ", ".join(short) if len(short) <= MAX_AUTHORS else f"{short[0]} et al."


def _short_name(name: str) -> str:
    """“Younger, Jarred W.” and “Jarred W. Younger” as “Younger JW”; PubMed's “Younger JW” and a group's name stay."""
    family, comma, given = (part.strip() for part in one_line(name).partition(","))
    last = family.rpartition(" ")[2]
    if not comma and last.isupper() and len(last) <= 3:
        return family
    if not comma and " " in family and len(family.split()) <= 4:
        given, _, family = family.rpartition(" ")
    initials = "".join(part[0] for part in re.split(r"[\s.\-]+", given) if part)
    return f"{family} {initials.upper()}".strip()
