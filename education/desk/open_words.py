"""Words that patients read without a clinician's signature: the one table of them. All others wait for one.

`SECURITY.md` prints it, and tests/wording/test_canary.py holds that no member of staff gets other words to patients.
"""

from dataclasses import dataclass

from education.accounts.roles import ROLES


@dataclass(frozen=True)
class OpenWords:
    """Fields of one model. They say nothing medical: names, addresses, money, times, or which fixed words are shown."""

    model: str
    fields: tuple[str, ...]
    what: str
    where: str
    permission: str  # codename

    @property
    def roles(self) -> list[str]:
        return [role.label for role in ROLES.values() if self.permission in role.permissions]

    @property
    def row(self) -> str:
        """This as a row of the table in SECURITY.md."""
        return f"| {self.what} | {self.where} | {', '.join(self.roles)} |"


OPEN_WORDS = (
    OpenWords(
        "clinicprofile",
        (
            *("name", "logo", "accent", "telephone", "email", "address", "opening_hours", "directions"),
            *("fees", "insurance", "good_faith_estimate", "reply_promise", "country", "region"),
        ),
        "the clinic’s name, logo, color, numbers and addresses, hours, way there, fees, insurance, promise of a reply",
        "head and foot of pages, “Your first visit”, request form, mails",
        "change_clinicprofile",
    ),
    OpenWords(
        "person",
        ("name", "slug", "credentials", "role", "disclosure"),
        "who writes or reviews pages; of somebody with an account, only they themselves or a clinician",
        "the person’s page; beside pages that are signed or published from then on",
        "change_person",
    ),
    OpenWords("topic", ("slug",), "the address of a topic", "addresses", "change_topic"),
    OpenWords("term", ("slug",), "the address of a term", "addresses", "change_term"),
    OpenWords(
        "reference",
        ("key", "status"),
        "the address of a study; its status, in fixed words (only a clinician says that it stands again)",
        "addresses, below pages that cite it",
        "change_reference",
    ),
    OpenWords(
        "article",
        ("reason",),
        "why an edition was published or a page withdrawn",
        "the page’s history; the address of a withdrawn page",
        "publish_article",
    ),
    OpenWords(
        "bulletin", ("begins", "until"), "from when to when signed news is shown", "top of a page", "change_bulletin"
    ),
    OpenWords(
        "screeningquestion",
        ("active", "order"),
        "which signed questions are asked, and in which order",
        "request form",
        "change_screeningquestion",
    ),
    OpenWords(
        "siteplace",
        ("plain",),
        "labels and headings that say nothing about health, such as those above the search and the people; "
        "which live pages stand in menu, footer and on the home page, and in which order its parts; what is said where "
        "no page is; mails to staff",
        "menu, footer, home page, lists of pages, request form, receipt, page that is not there",
        "change_siteplace",
    ),
    OpenWords("intakepause", ("message",), "why the form is closed", "request form", "change_intakepause"),
    OpenWords(
        "replytemplate",
        ("subject", "words"),
        "fixed replies, which say nothing about health",
        "mails to patients",
        "change_replytemplate",
    ),
)


def may_show(model: str, field: str) -> OpenWords | None:
    return next((row for row in OPEN_WORDS if row.model == model and field in row.fields), None)
