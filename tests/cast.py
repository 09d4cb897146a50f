"""The cast: the people and pages that tests are about. Plain functions that make rows."""

import re
from functools import cache
from io import BytesIO
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from PIL import Image

from education.accounts import roles
from education.accounts.models import User
from education.articles.content.canonical import draft_content, replace_blocks, sha256
from education.articles.models import Article, Edition, SignOff, Topic
from education.articles.publishing import actions, gate
from education.articles.publishing.signing import SignOffRequest
from education.clinic.help_lines import HelpKind, HelpLine
from education.clinic.models import ClinicProfile
from education.desk.words import groups as waiting_words
from education.glossary import actions as glossary
from education.glossary.models import Term
from education.images import actions as images
from education.images.models import Picture
from education.images.pictures import Versions, versions
from education.people.models import Person
from education.references.models import Reference
from education.wording import actions as wording
from education.wording.models import PublicWords, Row
from tests.database import keeping

PASSWORD = "a-long-enough-passphrase"


@cache
def hashed_password() -> str:
    """Hashing is slow on purpose: once is enough."""
    return make_password(PASSWORD)


def staff(username: str, *role_names: str) -> User:
    user = User.objects.create(username=username, password=hashed_password())
    roles.assign(user, *role_names, by=None)
    return user


def erin_the_editor() -> User:
    return staff("erin", "editor")


def clara_the_clinician() -> User:
    return staff("clara", "clinician")


def ines_at_intake() -> User:
    return staff("ines", "intake")


def adam_the_administrator() -> User:
    return staff("adam", "administrator")


def logged_in(user: User) -> Client:
    client = Client()
    # Without any session, Django's client would first make one, which the log-in takes away again.
    client.cookies[settings.SESSION_COOKIE_NAME] = "no session yet"
    client.force_login(user)
    return client


def just_logged_in(user: User, *, confirmed: bool = False) -> Client:
    """Who typed the password a moment ago; if confirmed, once more since. The form itself has tests of its own."""
    client, request = logged_in(user), HttpRequest()
    request.session = client.session
    record_authentication(request, user, method="password", reauthenticated=confirmed or None)
    request.session.save()
    return client


def logged_in_by_form(user: User) -> Client:
    """As a person does it."""
    client = Client()
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    return client


def shown(row: Row, *, name: str = "Dr Clara Kline, MD") -> Row:
    """The row, its words signed as they are, so that patients read them. Without a name: loaded, signed by nobody."""
    words = row.words_json()
    PublicWords.objects.create(
        kind=row.words_kind(), row=row.pk, words=words, name=name, signed_by="clara", signed_at=timezone.now()
    )
    row.__dict__.pop("public_json", None)
    keeping.forget()
    return row


def sign_words(client: Client) -> Any:
    """A clinician signs all words that wait beside the articles, as the screen shows them."""
    found = [words for group in waiting_words() for words in (*group.waiting, *group.unreviewed)]
    return client.post("/admin/words-waiting/sign/", {"words": [words.token for words in found]}, follow=True)


def explained(name: str, *aliases: str, definition: str = "What it means.", **fields: str) -> Term:
    """A term of the glossary that a clinician has signed."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    row = {"term": name, "slug": slug, "aliases": "\n".join(aliases), "definition": definition, **fields}
    term = shown(Term.objects.create(**row))
    glossary.words_signed([term])
    return term


def clinic(**fields: Any) -> ClinicProfile:
    """A clinic that has filled in what a request form needs."""
    lines = [HelpLine(HelpKind.EMERGENCY.value, "", call="112").stored()]
    defaults = {"name": "Test Clinic", "telephone": "555 0100", "help_lines": lines, "closed_on_holidays": False}
    profile = ClinicProfile(pk=1, **(defaults | fields))
    profile.save()
    return shown(profile)


def topic(slug: str = "autoimmune-conditions", **fields: Any) -> Topic:
    title = slug.replace("-", " ").capitalize()
    made, is_new = Topic.objects.get_or_create(slug=slug, defaults={"title": title} | fields)
    return shown(made) if is_new else made


def reference(key: str = "younger-2013", **fields: Any) -> Reference:
    defaults = {"title": f"Study {key}", "authors": "Younger J", "journal": "A Journal", "year": 2013, "kind": "rct"}
    return shown(Reference.objects.create(key=key, **(defaults | {"status": "current"} | fields)))


def picture(size: tuple[int, int] = (600, 300), **fields: Any) -> Picture:
    """A picture of the library, with its files."""
    return images.add_picture(Picture(**({"alt": "A meadow."} | fields)), _encoded(size), by=None)


@cache
def _encoded(size: tuple[int, int]) -> Versions:
    """In each width and format, which takes a tenth of a second: once is enough."""
    data = BytesIO()
    Image.new("RGB", size, "teal").save(data, "PNG")
    return versions(SimpleUploadedFile("photo.png", data.getvalue()))


def text(body: str = "<p>Plain words.</p>") -> dict[str, Any]:
    return {"type": "text", "body": body}


def key_points(*items: str) -> dict[str, Any]:
    return {"type": "key-points", "items": list(items or ("One thing.", "Another thing."))}


def care(level: str = "urgent", title: str = "Get help", body: str = "<p>Ring today.</p>") -> dict[str, Any]:
    return {"type": "care", "level": level, "title": title, "body": body}


def questions(title: str = "Questions to ask", *items: str) -> dict[str, Any]:
    return {"type": "questions", "title": title, "items": list(items or ("What next?",))}


def figure(**fields: str) -> dict[str, Any]:
    words = {"alt": "A key in a lock.", "caption": "How it may work.", "credit": "Drawn here"}
    return {"type": "figure", "drawing": "opioid-receptor-block", "picture": "", **words, **fields}


def do_dont(**fields: Any) -> dict[str, Any]:
    lists = {"dos": ["Walk a little."], "donts": ["sit all day."]}
    return {"type": "do-dont", "title": "Do and don’t", **lists, **fields}


def claim(words: str = "It eases pain.", **fields: Any) -> dict[str, Any]:
    grading = {"grade": "low", "direction": "no-difference", "graded_by": "Ann Author", "graded_on": "2026-01-31"}
    studies = {"references_for": [], "references_against": [], "nothing_against": True}
    return {"type": "claim", "text": words, **grading, **studies, **fields}


def known(**fields: Any) -> dict[str, Any]:
    lists = {"known": ["It is sold."], "not_known": ["Whether it helps."]}
    return {"type": "known", "title": "What is known, and what is not", **lists, **fields}


def table(**fields: Any) -> dict[str, Any]:
    rows = [["Study", "People"], ["First", "31"], ["Second", "99"]]
    return {"type": "table", "caption": "Two studies", "row_headings": True, "rows": rows, **fields}


def steps(title: str = "How to begin", *items: str) -> dict[str, Any]:
    return {"type": "steps", "title": title, "items": list(items or ("First this.", "Then that."))}


def expander(title: str = "More about it", body: str = "<p>More words.</p>") -> dict[str, Any]:
    return {"type": "expander", "title": title, "body": body}


def risk(**fields: Any) -> dict[str, Any]:
    groups = {"first_count": 84, "first_group": "women on LDN", "second_count": 86, "second_group": "women on placebo"}
    return {"type": "risk", "title": "Women with a side effect", "denominator": 100, **groups, **fields}


def options(**fields: Any) -> dict[str, Any]:
    rows = [
        ["", "Wait", "Ask"],
        ["What may get better", "Nothing yet.", "Perhaps pain."],
        ["Cost", "None.", "A visit."],
    ]
    return {"type": "options", "title": "Your options", "rows": rows, **fields}


def what_matters(**fields: Any) -> dict[str, Any]:
    rows = [["Would dreams trouble you?", "No", "Yes"], ["What else matters to you?"]]
    return {"type": "what-matters", "title": "What matters to you?", "rows": rows, **fields}


def clinic_facts(title: str = "Coming to us") -> dict[str, Any]:
    return {"type": "clinic", "title": title}


def every_block() -> list[dict[str, Any]]:
    first_five = [text(), key_points(), care(), questions(), figure()]
    others = [do_dont(), claim(), known(), table(), steps(), expander(), risk(), clinic_facts()]
    return [*first_five, *others, options(), what_matters()]


def every_block_that_passes() -> list[dict[str, Any]]:
    """The same, with nothing that the gate would stop."""
    return [claim(grade="none") if block["type"] == "claim" else block for block in every_block()]


def article(slug: str = "lupus", *, blocks: list[dict[str, Any]] | None = None, **fields: Any) -> Article:
    """A draft, not published."""
    author, _ = Person.objects.get_or_create(slug="starter-library", defaults={"name": "Starter library"})
    defaults = {"title": slug.capitalize(), "summary": f"About {slug}.", "kind": "condition", "author": author}
    where = {"topic": fields.pop("topic", None) or topic()}
    made = Article.objects.create(slug=slug, **(defaults | where | fields))
    replace_blocks(made, blocks if blocks is not None else [text()])
    actions.draft_saved(made, by=None)
    return made


def published(slug: str = "lupus", **fields: Any) -> Edition:
    """A page of the starter library: live, and signed by nobody."""
    return live(article(slug, **fields))


def live(draft: Article) -> Edition:
    """The draft is live as the library loads it into a trial, whatever the gate would say of it."""
    Article.objects.filter(pk=draft.pk).update(loaded_sha256=draft.draft_sha256)
    edition = actions.publish_starter(draft, by=None)
    draft.loaded_sha256 = draft.draft_sha256
    return edition


def ann() -> Person:
    """Who writes pages here."""
    details = {"name": "Ann Author", "credentials": "RN", "disclosure": "None to declare."}
    return Person.objects.get_or_create(slug="ann-author", defaults=details)[0]


def complete(slug: str = "lupus", **fields: Any) -> Article:
    """A draft with all that the gate asks of its words."""
    author = ann()
    blocks = fields.pop("blocks", [text(), key_points(), care(), known()])
    return article(slug, blocks=blocks, **{"author": author, **fields})


def signing_as(user: User, name: str = "Dr Clara Kline", credentials: str = "MD") -> Person:
    """Who patients are told that this account is."""
    facts = {"name": name, "credentials": credentials, "disclosure": "None to declare."}
    return Person.objects.get_or_create(account=user, defaults={"slug": f"person-{user.pk}", **facts})[0]


def clara() -> User:
    """Clara as she is after her first signature; the same however often she is asked for."""
    user = User.objects.filter(username="clara").first() or clara_the_clinician()
    signing_as(user)
    return user


def seen(draft: Article) -> str:
    """The SHA-256 of the draft as it is now."""
    return sha256(draft_content(Article.objects.select_related("topic", "author").get(pk=draft.pk)))


def signed(draft: Article, *, by: User | None = None, **options: Any) -> SignOff:
    """The draft, signed; as a whole unless wished otherwise. What a starter page lacks is taken over."""
    options = {"attested": True, "grades_are_mine": True, "studies_checked": True, **options}
    facts = gate.gather_facts(Article.objects.get(pk=draft.pk), today=timezone.localdate())
    options.setdefault("studies_seen", wording.sha256_of(gate.unsigned_studies(facts)))
    options.setdefault("author", ann() if gate.has_library_author(facts.article) else None)
    return actions.sign(draft, request=SignOffRequest(**options), seen=seen(draft), by=by or clara())


def taken_over(draft: Article) -> dict[str, str]:
    """What a clinician ticks and chooses when she signs a starter page in the browser."""
    unsigned = gate.unsigned_studies(gate.gather_facts(draft, today=timezone.localdate()))
    ticks = {"grades_are_mine": "on", "studies_checked": "on", "author": str(ann().pk)}
    return ticks | {"studies_seen": wording.sha256_of(unsigned)}


def issued(draft: Article, **how: Any) -> Edition:
    """The draft, signed and published."""
    signed(draft)
    return actions.publish(draft, **{"by": clara(), **how})


def rewritten(draft: Article, *blocks: dict[str, Any], **fields: Any) -> Article:
    """The draft with other words, saved as the admin saves it, not published."""
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save(update_fields=fields)
    if blocks:
        replace_blocks(draft, list(blocks))
    actions.draft_saved(draft, by=None)
    return draft
