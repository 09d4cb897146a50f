"""What the request form says besides the clinic's profile is counted as a change of its page, by whatever way it came."""

from django.db import migrations

TABLES = ("education_intakepause", "education_screeningquestion")
NOTE = """
    INSERT INTO education_changecount (number) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM education_changecount);
    UPDATE education_changecount SET number = number + 1;
    INSERT INTO education_pagechange (path, number, gone)
        SELECT '/request-a-consultation/', number, false FROM education_changecount WHERE true
        ON CONFLICT (path) DO UPDATE SET number = excluded.number;
"""


def create(apps, schema_editor):
    for table in TABLES:
        for statement in {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor](table):
            schema_editor.execute(statement)


def drop(apps, schema_editor):
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_noted ON {table}")
            schema_editor.execute(f"DROP FUNCTION {table}_noted()")
        else:
            for verb in ("insert", "update", "delete"):
                schema_editor.execute(f"DROP TRIGGER {table}_noted_{verb}")


def sqlite(table):
    for verb in ("INSERT", "UPDATE", "DELETE"):
        yield f"CREATE TRIGGER {table}_noted_{verb.lower()} AFTER {verb} ON {table} BEGIN {NOTE} END"


def postgresql(table):
    yield f"CREATE FUNCTION {table}_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {NOTE} RETURN NULL; END $$"
    yield (
        f"CREATE TRIGGER {table}_noted AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_noted()"
    )


class Migration(migrations.Migration):
    dependencies = [("education", "0009_erasures_and_triggers")]
    operations = [migrations.RunPython(create, drop)]
