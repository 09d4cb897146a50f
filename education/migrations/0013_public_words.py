"""Words beside the articles wait for a signature; a page may name the clinic as its author.

What patients read before goes on standing, marked as signed by nobody; bulletins, which stood in a reviewer's name, wait.
"""

import json

from django.db import migrations, models
from django.utils import timezone

from education.migrations._triggers import keeping_triggers

TABLE, MESSAGE = "education_publicwords", "The words that patients read can''t be changed"
READ_BEFORE = {  # the fields that are signed, as they were when this migration was written
    "term": ("term", "aliases", "definition"),
    "topic": ("title", "summary"),
    "screeningquestion": ("words", "help", "kind"),
    "clinicprofile": ("emergency_words", "crisis_words", "who_we_see"),
    "reference": (
        *("title", "authors", "journal", "volume", "pages", "doi", "pmid", "url", "population", "notice"),
    ),
}


def keep_what_patients_read(apps, schema_editor):
    shown, now = apps.get_model("education", "PublicWords"), timezone.now()
    for kind, fields in READ_BEFORE.items():
        rows = apps.get_model("education", kind).objects.values("pk", *fields)
        shown.objects.bulk_create(
            shown(
                kind=kind,
                row=row.pop("pk"),
                words=json.dumps(row, sort_keys=True, ensure_ascii=False),
                signed_by="system",
                signed_at=now,
            )
            for row in rows
        )


def create(apps, schema_editor):
    sqlite = schema_editor.connection.vendor == "sqlite"
    for verb in ("UPDATE", "DELETE"):
        name = f"{TABLE}_no_{verb.lower()}"
        if sqlite:
            does = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        else:
            schema_editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
            )
            does = f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {TABLE} {does}")
    if sqlite:  # INSERT OR REPLACE would delete without asking the trigger
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE} "  # nosec B608  our own names
            f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )


def drop(apps, schema_editor):
    sqlite = schema_editor.connection.vendor == "sqlite"
    for verb in ("update", "delete", *(["replace"] if sqlite else [])):
        name = f"{TABLE}_no_{verb}"
        schema_editor.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {TABLE}")
        if not sqlite:
            schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    dependencies = [("education", "0012_clinic_country")]

    operations = [
        migrations.CreateModel(
            name="PublicWords",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(help_text="Name of the model.", max_length=40)),
                ("row", models.PositiveBigIntegerField(help_text="Its primary key.")),
                ("words", models.TextField(help_text="JSON of the fields that are signed: sorted keys, UTF-8.")),
                (
                    "name",
                    models.CharField(
                        blank=True, help_text="Who signed. Empty: loaded, and signed by nobody.", max_length=300
                    ),
                ),
                ("signed_by", models.CharField(help_text="User name, or “system”.", max_length=150)),
                ("signed_at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["kind", "row", "-id"], name="public_words_newest")],
            },
        ),
        *keeping_triggers(
            [
                migrations.AddField(
                    model_name="article",
                    name="written_by_clinic",
                    field=models.BooleanField(default=False, verbose_name="the clinic is the author"),
                ),
            ]
        ),
        migrations.RunPython(keep_what_patients_read, migrations.RunPython.noop),
        migrations.RunPython(create, drop),
    ]
