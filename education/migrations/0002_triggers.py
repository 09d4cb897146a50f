"""Editions, sign-offs and audit events are only ever added: the database itself refuses to change or delete one."""

from django.db import migrations

TABLES = {
    "education_edition": "An edition can't be changed",
    "education_signoff": "A sign-off can't be changed",
    "education_auditevent": "An audit event can't be changed",
}
# SQLite's INSERT OR REPLACE deletes the row in its way without asking a DELETE trigger: what would be in the way?
SAME = {
    "education_edition": "id = NEW.id OR (article_id = NEW.article_id AND number = NEW.number)",
    "education_signoff": "id = NEW.id",
    "education_auditevent": "id = NEW.id OR digest = NEW.digest",
}


def create(apps, schema_editor):
    for table, message in TABLES.items():
        for verb in ("UPDATE", "DELETE"):
            for statement in STATEMENTS[schema_editor.connection.vendor](table, verb, message):
                schema_editor.execute(statement)
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # nosec B608  our own names
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {SAME[table]}) "
                f"BEGIN SELECT RAISE(ABORT, '{quoted(message)}'); END"
            )


def drop(apps, schema_editor):
    for table in TABLES:
        for verb in ("update", "delete"):
            on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
            schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}{on}")
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {table}_no_replace")


def quoted(message):
    return message.replace("'", "''")


def sqlite(table, verb, message):
    yield (
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{quoted(message)}'); END"
    )


def postgresql(table, verb, message):
    name = f"{table}_no_{verb.lower()}"
    yield (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{quoted(message)}'; END $$"
    )
    yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


STATEMENTS = {"sqlite": sqlite, "postgresql": postgresql}


class Migration(migrations.Migration):
    dependencies = [("education", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
