"""What the database of a larger site does by itself: TRUNCATE is refused where rows must stay, and web workers are told of
each change of a page. SQLite has neither TRUNCATE nor messages.
"""

from django.db import migrations

KEPT = {
    "education_publicwords": "The words that patients read can''t be changed",
    "education_consultationrequest": "Requests are erased one by one",
    "education_sealedamendment": "Requests are erased one by one",
    "education_sealednote": "Requests are erased one by one",
    "education_erasure": "The list of what was erased is only added to",
}
NOTIFY = """
    CREATE FUNCTION education_pagechange_told() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_notify('education_pagechange', ''); RETURN NULL; END $$;
    CREATE TRIGGER education_pagechange_told AFTER INSERT OR UPDATE ON education_pagechange
        FOR EACH STATEMENT EXECUTE FUNCTION education_pagechange_told()
"""
UNDO_NOTIFY = """
    DROP TRIGGER education_pagechange_told ON education_pagechange;
    DROP FUNCTION education_pagechange_told()
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, message in KEPT.items():
        name = f"{table}_no_truncate"
        schema_editor.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{message}'; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
    schema_editor.execute(NOTIFY)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in KEPT:
        schema_editor.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
        schema_editor.execute(f"DROP FUNCTION {table}_no_truncate()")
    schema_editor.execute(UNDO_NOTIFY)


class Migration(migrations.Migration):
    dependencies = [("education", "0024_plain_names")]
    operations = [migrations.RunPython(create, drop)]
