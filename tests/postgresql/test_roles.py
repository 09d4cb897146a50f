"""Three database roles. Whoever runs code on a public host reads no answer, signs, publishes and changes nothing."""

import shutil
from pathlib import Path

import pytest

from tests.clinic_site.production import COMPLETE
from tests.faults.asking import NO_LIMIT, call, form_token, post
from tests.faults.test_freshness import launch_command
from tests.postgresql.conftest import OPENS, name_of, python
from tests.server import Launcher, manage, run_command, until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
SAME = {"SECRET_KEY": COMPLETE["SECRET_KEY"], "STAFF_MAIL": "desk@clinic.test", "CLINIC_TRIAL_ANYWHERE": "yes"}
LUPUS = "/autoimmune-conditions/lupus/"
PATHS = (
    *("/", "/a-z/", "/autoimmune-conditions/", LUPUS, f"{LUPUS}history/", "/glossary/", "/people/", "/contact/"),
    *("/privacy/", "/privacy/history/", "/search/?q=lupus", "/search/?q=lupis", "/references/younger-2013/"),
    *("/sitemap.xml", "/robots.txt", "/feed/", "/health/live", "/health/ready", "/request-a-consultation/"),
)
CLOSED = ("/admin/", "/admin/login/", "/accounts/login/", "/accounts/", "/setup/x/", "/preview/x/")
# What somebody would try who runs code there. Each line is tried by itself; those that worked are printed.
ATTACKS = '''
import pathlib
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from education.articles.models import Article
from education.articles.publishing import actions as publishing
from education.audit import actions as audit, facts
from education.consultations.models import ConsultationRequest, SealedAmendment
from education.consultations.public import tokens
from education.core import sealing

def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)

def open_an_answer():
    row = ConsultationRequest.objects.exclude(key_id="").first()
    assert "Ana" in str(sealing.open_sealed(bytes(row.sealed), bound_to=row.reference))

def read_a_private_key():
    next(path for path in pathlib.Path(settings.SEAL_KEY_DIR).rglob("seal_private_*")).read_bytes()

def plant_what_prepare_would_run():
    facts.note("triggers", '{"evil": "ALTER ROLE x SUPERUSER"}')

def add_to_a_request_without_its_receipt():
    row = ConsultationRequest.objects.defer("sealed").exclude(key_id="").first()
    new = SealedAmendment(request=row, number=9, content_mac="", sealed=b"x", key_id="x", created_at=timezone.now())
    new.save(force_insert=True)

def change_a_request_with_the_receipt_of_another():
    with transaction.atomic():
        tokens.say_receipt(%(receipt)r)
        sql("UPDATE education_consultationrequest SET content_mac = '' WHERE key_id <> ''")

attacks = {
    "add to a request without its receipt": add_to_a_request_without_its_receipt,
    "change a request with the receipt of another": change_a_request_with_the_receipt_of_another,
    "open an answer": open_an_answer,
    "read a private key": read_a_private_key,
    "plant what prepare would run": plant_what_prepare_would_run,
    "withdraw a page": lambda: publishing.withdraw(Article.objects.get(slug="lupus"), reason="x", by=None),
    "write to the audit trail": lambda: audit.record("evil", by=None),
}
for statement in """
SELECT password FROM education_user LIMIT 1
INSERT INTO education_user SELECT * FROM education_user LIMIT 0
UPDATE education_user SET is_superuser = true
SELECT 1 FROM education_staffsession
SELECT 1 FROM mfa_authenticator
SELECT * FROM education_textblock
SELECT title FROM public.education_article
SELECT definition FROM public.education_term
SELECT sealed FROM education_consultationrequest
SELECT sealed FROM education_sealedamendment
SELECT * FROM education_sealednote
SELECT body FROM education_outboxmessage
SELECT detail FROM education_auditevent LIMIT 1
UPDATE education_answeredform SET answer = 'https://evil.test/'
INSERT INTO public.education_answeredform SELECT * FROM public.education_answeredform LIMIT 0
INSERT INTO education_auditevent SELECT * FROM education_auditevent LIMIT 0
INSERT INTO education_signoff SELECT * FROM education_signoff LIMIT 0
INSERT INTO education_edition SELECT * FROM education_edition LIMIT 0
INSERT INTO education_publicwords SELECT * FROM education_publicwords LIMIT 0
UPDATE education_article SET title = 'Cured!'
UPDATE education_pageversion SET title = 'Cured!'
UPDATE education_clinicprofile SET name = 'Eve'
UPDATE education_searchentry SET title = 'Cured!'
UPDATE public.education_cache SET value = 'a pickle that staff would load'
INSERT INTO public.education_installationfact (name, value, noted_at) VALUES ('seals/x', '', now())
DELETE FROM education_consultationrequest
UPDATE education_consultationrequest SET content_mac = ''
UPDATE education_consultationrequest SET receipt_hash = reference
INSERT INTO education_erasure (reference, erased_on) SELECT reference, now() FROM education_consultationrequest
DELETE FROM education_sealednote
DELETE FROM education_blindindexentry
DELETE FROM education_outboxmessage
DELETE FROM education_sealedamendment
TRUNCATE education_consultationrequest CASCADE
ALTER TABLE education_edition DISABLE TRIGGER USER
DROP TRIGGER education_edition_no_update ON education_edition
CREATE TABLE public.mine (id int)
CREATE TABLE education_public.mine (id int)
CREATE TEMPORARY TABLE mine (id int)
COPY (SELECT 1) TO PROGRAM 'cat'
SELECT pg_read_file('/etc/passwd')
ALTER ROLE CURRENT_USER SUPERUSER
SET ROLE clinic
""".strip().splitlines():
    attacks[statement] = lambda statement=statement: sql(statement)
for name, attack in attacks.items():
    try:
        attack()
    except BaseException:
        continue
    print("WORKED:", name)
'''

# What patients don't read, with SECRET in each: drafts, words that nobody signed, what was signed and not published.
PLANTED = """
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils import timezone
from education.articles.models import Article, Edition, SignOff, Topic
from education.articles.publishing import actions
from education.clinic.models import Bulletin, ClinicProfile
from education.people.models import Person
from education.consultations.models import ScreeningQuestion
from education.glossary.models import Term
from education.images.models import Picture
from education.references.models import Reference
from tests.consultations import asking
topic, lupus = Topic.objects.create(slug="x", title="SECRET"), Article.objects.get(slug="lupus")
draft = Article.objects.create(topic=topic, slug="secret-draft", title="SECRET", summary="SECRET", aliases="SECRET")
for kind, writes in {
    Article: dict(title=Concat("title", Value("SECRET")), summary="SECRET", aliases="SECRET", writers=["SECRET"]),
    Topic: dict(title=Concat("title", Value("SECRET")), shelf=Concat("shelf", Value("\\nsecret-draft"))),
    Term: dict(definition="SECRET"), Reference: dict(title="SECRET"),
    ScreeningQuestion: dict(words="SECRET"),
}.items():
    assert kind.objects.update(**writes)
ClinicProfile.objects.create(name="The clinic", emergency_words="SECRET")
Term.objects.create(term="SECRET", slug="secret", definition="SECRET")
Reference.objects.create(key="secret-2020", title="SECRET", kind="rct")
Bulletin.objects.create(path="/autoimmune-conditions/lupus/", words="SECRET")
Picture.objects.create(alt="SECRET", width=1, height=1)
for article in (draft, lupus):
    SignOff.objects.create(
        article=article, kind="full", sha256="SECRET", content="SECRET", person=Person.objects.first(), name="SECRET",
        signed_by="SECRET", signed_at=timezone.now(), self_reviewed=False, next_review=timezone.localdate(),
    )
asking.request("Ana", full_name="Ana", email="ana@example.org")
gone = Article.objects.get(slug="fibromyalgia")
actions.withdraw(gone, reason="It was wrong.", by=None)
print(gone.editions.first().html[:200])
"""
# Everything that this user of the database may select.
SEEN = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute('''SELECT attrelid::regclass::text, string_agg(quote_ident(attname), ', ') FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid AND relkind IN ('r', 'v')
        WHERE relnamespace::regnamespace::text IN ('public', 'education_public') AND attnum > 0 AND NOT attisdropped
        AND has_column_privilege(attrelid, attnum, 'SELECT') GROUP BY attrelid''')
    for relation, columns in cursor.fetchall():
        cursor.execute(f"SELECT {columns} FROM {relation}")
        print(relation, *cursor.fetchall(), sep="\\n")
"""
READ = """
import hashlib
from django.test import Client
for path in %r:
    answer = Client().get(path, follow=True)
    print(path, answer.status_code, hashlib.sha256(answer.content).hexdigest(), b"SECRET" in answer.content)
"""
GONE = "/fibromyalgia-and-chronic-pain/fibromyalgia/"


@pytest.fixture
def sides(site: tuple[Path, str], tmp_path: Path) -> tuple[Path, Path, str]:
    """A staff side with all keys, a public side with the public key only, and the address of their database."""
    (staff, address), public = site, tmp_path / "public"
    (public / "keys").mkdir(parents=True)
    for key in (staff / "keys").glob("seal_public_*"):
        shutil.copy(key, public / "keys")
    assert "Made" in manage(staff, "grant_roles", DATABASE_URL=address, **SAME)
    assert "Made" not in manage(staff, "grant_roles", DATABASE_URL=address, **SAME)
    assert "Collecting" in manage(public, "prepare", **as_role("public", address))
    return staff, public, address


def as_role(role: str, address: str) -> dict[str, str]:
    return {**SAME, "CLINIC_ROLE": role, "DATABASE_URL": address.replace("clinic@", f"{name_of(address)}_{role}@")}


def test_each_side_does_its_work_and_the_public_one_nothing_else(
    sides: tuple[Path, Path, str], launch: Launcher
) -> None:
    staff, public, address = sides
    web = launch(launch_command(), public, **(as_role("public", address) | NO_LIMIT))
    assert until(web.answers), web.text()
    assert {path: call(web.port, "GET", path).status for path in PATHS} == dict.fromkeys(PATHS, 200), web.text()
    assert {path: call(web.port, "GET", path).status for path in CLOSED} == dict.fromkeys(CLOSED, 404), web.text()
    assert "/admin/" not in call(web.port, "GET", "/a-z/").body
    forms = [form_token(web.port) for _ in ("Ana", "Bea")]
    sent = [post(web.port, form, name) for form, name in zip(forms, ("Ana", "Bea"), strict=True)]
    assert [answer.status for answer in sent] == [303, 303], web.text()
    receipts = [answer.location.partition("?")[0] for answer in sent]
    assert [call(web.port, "GET", receipt).status for receipt in receipts] == [200, 200], web.text()
    assert post(web.port, forms[0], "Anna").status == 303, web.text()
    added = call(web.port, "POST", f"{receipts[0]}add/", "add-text=Also+this&once=1")
    manage(staff, "worker", "--once", **as_role("worker", address))  # there are index entries and mails to delete
    withdrawn = call(web.port, "POST", f"{receipts[1]}withdraw/", "withdraw-contact=ana%40example.org")
    assert (added.status, withdrawn.status) == (303, 303), web.text()

    manage(staff, "worker", "--once", **as_role("worker", address))
    said = run_command(public, "doctor", **as_role("public", address)).stdout
    assert "ok    keys" in said
    assert "denied" not in said
    assert "Traceback" not in web.text()
    assert "permission denied" not in web.text()
    assert "could not be noted" not in web.text()
    opened = python(staff, f"{MONA}\n{OPENS}{NOTES}".replace("(row.pk, ", "("), **as_role("staff", address))
    assert opened.split() == ["Ana", "2", "amendments"]

    attacks = ATTACKS.replace("%(receipt)r", repr(receipts[1].rstrip("/").rpartition("/")[2]))
    assert python(public, attacks, **as_role("public", address)) == ""
    assert len(python(staff, attacks, DATABASE_URL=address, **SAME).splitlines()) > 33  # without roles they work


def test_of_drafts_unsigned_words_and_answers_the_public_side_sees_nothing_and_serves_the_same_pages(
    sides: tuple[Path, Path, str],
) -> None:
    staff, public, address = sides
    withdrawn = python(staff, PLANTED, DATABASE_URL=address, **SAME).strip()
    seen = python(public, SEEN, **as_role("public", address))
    assert "education_article\n" in seen
    assert {words for words in ("SECRET", "secret-", withdrawn, "clara") if words in seen} == set()
    assert python(staff, SEEN, DATABASE_URL=address, **SAME).count("SECRET") > 50

    same = [path for path in PATHS if not path.startswith(("/health/", "/request-"))]  # those hold chance and time
    code = READ % ([*same, GONE, "/secret-2020/", "/x/"],)
    pages = python(public, code, **as_role("public", address))
    assert pages == python(public, code, **{**as_role("public", address), "DATABASE_URL": address})
    assert "True" not in pages
    assert f"{GONE} 410" in pages


def test_a_column_that_a_view_shows_can_be_altered(sides: tuple[Path, Path, str]) -> None:
    staff, public, address = sides
    widened = """
from unittest.mock import patch
from django.db import connection
from education.health import actions
from education.health.databases import roles
def migrate(*args, **options):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE education_term ALTER COLUMN slug TYPE varchar(90)")
roles.without_views(migrate)
roles.grant_again()
"""
    python(staff, widened, DATABASE_URL=address, **SAME)
    assert "/glossary/ 200" in python(public, READ % (["/glossary/"],), **as_role("public", address))


NOTES = """    from education.consultations.triage.actions import add_note
    add_note(row, text="Called", by=mona)
    print(row.amendments.count(), "amendments")
"""
MONA = "from tests import cast; cast.staff('mona', 'manager', 'intake')"
