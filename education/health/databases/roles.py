"""Three users of the database, each with what its processes need: public hosts, the staff side, the worker.

The public role reads what is published, adds sealed requests, and does at the receipt what patients may do there: it
changes a request only while it says the token of its receipt, which the database knows by its hash alone. It has a
schema of its own, which it sees before the site's. There it keeps its cache, because whoever writes into a cache can
run code where it is read; and there views are in front of the tables of which it may see some rows or columns only.
"""

from collections.abc import Callable, Iterator

from django.db import NotSupportedError, ProgrammingError, connection, transaction
from django.db.models import Model

from education.consultations.mails import PATIENT
from education.consultations.models import ConsultationRequest, SealedAmendment
from education.consultations.public.actions import CHANGED_BY_THE_PATIENT
from education.consultations.public.tokens import SAID_RECEIPT
from education.health.databases import published
from education.health.databases.base import REQUESTS, read_by_django

Say = Callable[[str], object]
ROLES = ("public", "staff", "worker")
OWN_SCHEMA = "education_public"
CACHE = "education_cache"
WRITTEN_THROUGH = {  # views that the public role writes through: it can't add a row that it wouldn't see
    "education_installationfact": "name LIKE 'seals/%'",  # which host seals with which key
    "education_answeredform": "answer = ''",  # no address that staff would be sent to
}
READS = (
    *("changecount", "citation", "credit", "intakepause", "listedname", "pagechange", "pageversion", "pictureuse"),
    *("redirect", "searchentry"),
)
READS_OF_OTHERS = ("django_content_type", "django_migrations", "modelsearch_indexentry")
WRITES = {
    "keptanswers": "SELECT, INSERT, UPDATE, DELETE",
    "intakecount": "SELECT, INSERT, UPDATE",
    "erasure": "SELECT, INSERT",
    # What belongs to a request that is withdrawn goes with it, unread.
    "sealednote": "SELECT (id, request_id), DELETE",
    "blindindexentry": "SELECT (id, request_id), DELETE",
    "outboxmessage": "SELECT (id, key), DELETE",
}
# It never reads an envelope again, not even sealed.
WRITES_SEALED: dict[type[Model], str] = {
    ConsultationRequest: f"INSERT, UPDATE ({', '.join(CHANGED_BY_THE_PATIENT)})",
    SealedAmendment: "INSERT, DELETE",
}
# What it writes only with the receipt of the request `r`, and how the written row names that request.
AT_THE_RECEIPT = {
    "consultationrequest": ("UPDATE", "OLD.id = r.id"),
    "sealedamendment": ("INSERT OR DELETE", "COALESCE(NEW.request_id, OLD.request_id) = r.id"),
    "sealednote": ("DELETE", "OLD.request_id = r.id"),
    "blindindexentry": ("DELETE", "OLD.request_id = r.id"),
    "outboxmessage": ("DELETE", f"OLD.key LIKE 'request/' || r.reference || '{PATIENT}%'"),
    "erasure": ("INSERT", "NEW.reference = r.reference"),
}
HASH_OF_SAID = f"encode(sha256(convert_to(current_setting('{SAID_RECEIPT}', true), 'UTF8')), 'hex')"
ACCOUNTS = ("auth_", "account_", "mfa_", "education_user", "education_staffsession", "education_rolerequest")
MAY_NOT = 'The user of DATABASE_URL may not make roles. As PostgreSQL\'s administrator run: ALTER ROLE "{}" CREATEROLE'


class RolesRefused(Exception):
    """Why no roles were made. The message may be shown to the operator."""


def grant(say: Say) -> None:
    """Make the roles, and give each exactly what it needs, whatever it had before. Raises RolesRefused."""
    try:
        with transaction.atomic():
            for role in ROLES:
                if not exists(role):
                    _run(f"CREATE ROLE {_name(role)} LOGIN")
                    say(f"Made {_plain_name(role)}. Give it a password: in psql, \\password {_plain_name(role)}")
            for statement in _statements():
                _run(statement)
    except ProgrammingError as error:
        if "permission denied" not in str(error):
            raise
        raise RolesRefused(MAY_NOT.format(connection.settings_dict["USER"])) from None
    for role in ROLES:
        say(f"{_plain_name(role)} has what it needs (CLINIC_ROLE={role}).")


def grant_again() -> None:
    """Grant the roles their rights on new tables, if there are roles at all."""
    if connection.vendor == "postgresql" and exists("public"):
        grant(str)


def without_views(act: Callable[[], object]) -> None:
    """Do something to the tables, if need be without the views, which PostgreSQL lets nobody alter a column under."""
    try:
        act()
    except NotSupportedError:
        if connection.vendor != "postgresql":
            raise
        for statement in _drop_views():
            _run(statement)
        act()


def exists(role: str) -> bool:
    return bool(read_by_django("SELECT 1 FROM pg_roles WHERE rolname = %s", _plain_name(role)))


def _statements() -> Iterator[str]:
    database, everybody = _quoted(connection.settings_dict["NAME"]), ", ".join(map(_name, ROLES))
    yield f"REVOKE ALL ON DATABASE {database} FROM PUBLIC"
    yield f"GRANT CONNECT ON DATABASE {database} TO {everybody}"
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    yield from _own_schema()
    yield from _at_the_receipt()
    for schema in ("public", OWN_SCHEMA):
        for kind in ("TABLES", "SEQUENCES"):
            yield f"REVOKE ALL ON ALL {kind} IN SCHEMA {schema} FROM {everybody}"
    yield f"GRANT USAGE ON SCHEMA public TO {everybody}"
    yield from _for_public()
    yield from _for_staff_and_worker()


def _own_schema() -> Iterator[str]:
    yield f"CREATE SCHEMA IF NOT EXISTS {OWN_SCHEMA}"
    yield f"CREATE TABLE IF NOT EXISTS {OWN_SCHEMA}.{CACHE} (LIKE public.{CACHE} INCLUDING ALL)"
    yield from _drop_views()
    for table, rows in WRITTEN_THROUGH.items():
        view = f"SELECT * FROM public.{table} WHERE {rows} WITH CASCADED CHECK OPTION"  # noqa: S608  # nosec B608
        yield f"CREATE VIEW {OWN_SCHEMA}.{table} AS {view}"
    for table, selected in published.views():
        yield f"CREATE VIEW {OWN_SCHEMA}.{table} WITH (security_barrier) AS {selected}"


def _at_the_receipt() -> Iterator[str]:
    """Row-level security would say it in fewer words, and refuse the worker's backup."""
    for name, (verbs, named) in AT_THE_RECEIPT.items():
        table = f"education_{name}"
        trigger = f"{table}_at_the_receipt"
        found = f"SELECT 1 FROM public.{REQUESTS} r WHERE r.receipt_hash = {HASH_OF_SAID} AND {named}"  # noqa: S608  # nosec B608
        refuses = f"IF NOT EXISTS ({found}) THEN RAISE insufficient_privilege; END IF"
        yield (
            f"CREATE OR REPLACE FUNCTION public.{trigger}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {refuses}; RETURN COALESCE(NEW, OLD); END $$"
        )
        yield (
            f"CREATE OR REPLACE TRIGGER {trigger} BEFORE {verbs} ON public.{table} FOR EACH ROW "
            f"WHEN (session_user = current_database() || '_public') EXECUTE FUNCTION public.{trigger}()"
        )


def _drop_views() -> Iterator[str]:
    views = "SELECT viewname FROM pg_views WHERE schemaname = %s"
    for (name,) in read_by_django(views, OWN_SCHEMA):
        yield f"DROP VIEW {OWN_SCHEMA}.{_quoted(name)}"


def _for_public() -> Iterator[str]:
    role, database = _name("public"), _quoted(connection.settings_dict["NAME"])
    yield f"ALTER ROLE {role} IN DATABASE {database} SET search_path = {OWN_SCHEMA}, public"
    yield f"GRANT USAGE ON SCHEMA {OWN_SCHEMA} TO {role}"
    own = ", ".join(f"{OWN_SCHEMA}.{table}" for table in (CACHE, *WRITTEN_THROUGH))
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {own} TO {role}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {OWN_SCHEMA} TO {role}"
    read = ", ".join([*(f"education_{name}" for name in READS), *READS_OF_OTHERS])
    yield f"GRANT SELECT ON {read} TO {role}"
    for name, rights in WRITES.items():
        yield f"GRANT {rights} ON education_{name} TO {role}"
    for model, rights in WRITES_SEALED.items():
        columns = ", ".join(str(field.column) for field in model._meta.concrete_fields if field.name != "sealed")
        yield f"GRANT SELECT ({columns}), {rights} ON {model._meta.db_table} TO {role}"


def _for_staff_and_worker() -> Iterator[str]:
    staff, worker = _name("staff"), _name("worker")
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {staff}, {worker}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {staff}, {worker}"
    yield f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {staff}, {worker}"
    accounts = [table for table in connection.introspection.table_names() if table.startswith(ACCOUNTS)]
    yield f"REVOKE INSERT, UPDATE, DELETE ON {', '.join(accounts)} FROM {worker}"
    # A backup holds everything.
    yield f"GRANT USAGE ON SCHEMA {OWN_SCHEMA} TO {worker}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {OWN_SCHEMA} TO {worker}"


def _plain_name(role: str) -> str:
    """Roles are of the whole server: two clinics on one have different ones."""
    return f"{connection.settings_dict['NAME']}_{role}"


def _name(role: str) -> str:
    return _quoted(_plain_name(role))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
