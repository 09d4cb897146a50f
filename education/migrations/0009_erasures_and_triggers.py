"""A list of what was erased, the contact that counts, and triggers: one that an earlier migration lost, one that lacked.

The clinic's profile is on every page, and the database itself notes a change of it. On SQLite migration 0005 built that
table anew, without the triggers of 0004. On PostgreSQL TRUNCATE passed the triggers of what may only be added to.
"""

import django.utils.timezone
from django.db import migrations, models

PROFILE = "education_clinicprofile"
NOTE = """
    INSERT INTO education_changecount (number) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM education_changecount);
    UPDATE education_changecount SET number = number + 1;
    INSERT INTO education_pagechange (path, number, gone) SELECT '*', number, false FROM education_changecount WHERE true
        ON CONFLICT (path) DO UPDATE SET number = excluded.number;
"""
ONLY_ADDED_TO = ("education_edition", "education_editionplaces", "education_signoff", "education_auditevent")


def create(apps, schema_editor):
    for statement in {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]():
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in ONLY_ADDED_TO:
            schema_editor.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")


def sqlite():
    for verb in ("INSERT", "UPDATE"):
        name = f"{PROFILE}_noted_{verb.lower()}"
        yield f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {verb} ON {PROFILE} BEGIN {NOTE} END"


def postgresql():
    for table in ONLY_ADDED_TO:
        yield (
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_no_delete()"
        )


class Migration(migrations.Migration):
    dependencies = [("education", "0008_plain_words")]
    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=8, unique=True)),
                ("erased_on", models.DateField(default=django.utils.timezone.localdate)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddField(
            model_name="consultationrequest",
            name="contact_from",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="The amendment whose contact staff have confirmed; 0 is the contact as first sent."
            ),
        ),
        migrations.RunPython(create, drop),
    ]
