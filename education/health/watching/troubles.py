"""What is wrong with the server, for whoever keeps the clinic and runs no commands: what it means, and what to do now.

What the doctor says of it goes along, to be read out to whoever looks after the server.
"""

from dataclasses import dataclass
from enum import IntEnum

from django.conf import settings


class When(IntEnum):
    NOW, TODAY, SOON = range(3)


CALL = {
    When.NOW: "Call {} now, whatever the hour.",
    When.TODAY: "Call {} today. At night it can wait until the morning.",
    When.SOON: "Tell {} within the next days.",
}
CLOSED = (
    "Patients can’t send requests just now. Nothing that they sent before is lost. See that somebody answers your "
    "telephone."
)
IN_THE_QUEUE = (
    "What patients send is kept and stands in the queue, but nobody gets a mail about it: look at the queue yourselves."
)
# By the name of a check: when somebody has to see to it, what it means, and what whoever reads it can do meanwhile.
WORDS: dict[str, tuple[When, str, str]] = {
    "who may read it": (When.TODAY, "Other people who use the server could read what is stored there.", ""),
    "environment file": (When.TODAY, "Other people who use the server could read the site’s passwords.", ""),
    "data folder": (When.NOW, "Nothing can be saved.", CLOSED),
    "free space": (
        When.TODAY,
        "The server’s disk is nearly full. Once it is full, nothing can be saved and patients can’t send requests.",
        "Add no pictures until then.",
    ),
    "database": (When.NOW, "The site can’t read what it has stored.", CLOSED),
    "writing to it": (When.NOW, "Nothing can be saved.", CLOSED),
    "triggers": (When.TODAY, "A safeguard is missing that keeps what was recorded from being changed.", ""),
    "clock": (
        When.TODAY,
        "The server’s clock may be wrong, or it was off for long. Times, codes of the second step, and the deleting of "
        "old requests go by it.",
        "",
    ),
    "keys": (When.NOW, "The keys with which answers are sealed are not there.", CLOSED),
    "staff keys": (When.NOW, "The keys with which answers are opened are not there.", CLOSED),
    "audit key": (
        When.NOW,
        "What is done with requests can’t be recorded, so nothing can be done with them.",
        "What patients send is kept, and comes in later.",
    ),
    "secret key": (
        When.NOW,
        "A secret of the site has changed. Forms that patients have open may be refused, and codes of the second step.",
        "Stay logged in.",
    ),
    "requests set aside": (When.TODAY, "Some requests can’t be opened. They are kept until their key is back.", ""),
    "new requests": (When.TODAY, "Requests have come in that nobody was told of.", IN_THE_QUEUE),
    "backup": (
        When.TODAY,
        "There is no backup that could be relied on. If the server broke, requests and pages could be lost.",
        "Have the paper with the recovery key at hand.",
    ),
    "second place for backups": (
        When.SOON,
        "Backups are made, but lie on the server only. Whatever destroys it would destroy them too.",
        "",
    ),
    "worker": (
        When.TODAY,
        "The part of the site that works by itself has stopped: no mail is sent, no backup is made, and no page is "
        "published at its time.",
        IN_THE_QUEUE,
    ),
    "web server": (When.NOW, "A machine that shows the site does not answer. Some people may not reach it.", ""),
    "cache": (When.TODAY, "Logging in may be slow, or fail.", "Stay logged in."),
    "search engine": (When.SOON, "The site’s search is simpler than usual. It still finds pages.", ""),
    "CDN": (When.TODAY, "Readers may still get pages as they were before your last changes.", ""),
    "address": (When.NOW, "People may not reach the site: each page leads to itself.", ""),
    "static files": (When.TODAY, "Pages may look bare, or have parts that do nothing.", ""),
    "pictures": (When.SOON, "Pictures may be missing from pages, and none can be added.", ""),
    "mail": (
        When.TODAY,
        "Mail does not arrive as it should: staff may not hear of new requests, and patients may get no answer.",
        "Look at the queue yourselves, and call patients instead of writing to them.",
    ),
    "debug": (When.NOW, "Pages with an error could show patients’ answers to anybody.", ""),
}


@dataclass(frozen=True)
class Trouble:
    name: str  # of the check
    said: str  # by the doctor, with commands
    when: When
    means: str
    meanwhile: str


def explained(findings: dict[str, str]) -> list[Trouble]:
    """The gravest first. `findings`: what the doctor says, by the name of its check."""
    return sorted((Trouble(name, said, *WORDS[name]) for name, said in findings.items()), key=lambda one: one.when)


def whom_to_call() -> str:
    return settings.SERVER_CONTACT or "whoever looks after the server"


def call(found: list[Trouble]) -> tuple[str, str]:
    """When to call, in what stands before the words for whom, and after them."""
    before, _, after = CALL[min(trouble.when for trouble in found)].partition("{}")
    return before, after
