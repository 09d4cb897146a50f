"""What serving must find in an edition's HTML is stored beside it; for the editions that are here, it is found now.

The editions themselves stay as they are, so their digests hold.
"""

import django.db.models.deletion
from django.db import migrations, models

from education.articles.rendering.places_format_1 import places_json

TABLE = "education_editionplaces"
MESSAGE = "The places of an edition can''t be changed"


def create_triggers(apps, schema_editor):
    for statement in {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]():
        schema_editor.execute(statement)


def sqlite():
    for verb in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
    # INSERT OR REPLACE deletes the row in its way without asking a DELETE trigger.
    yield (
        f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE} "  # nosec B608  our own names
        f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE edition_id = NEW.edition_id) "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    )


def postgresql():
    for verb in ("UPDATE", "DELETE"):
        name = f"{TABLE}_no_{verb.lower()}"
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
        )
        yield f"CREATE TRIGGER {name} BEFORE {verb} ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {name}()"


def drop_triggers(apps, schema_editor):
    for verb in ("update", "delete"):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {TABLE}_no_{verb} ON {TABLE}")
            schema_editor.execute(f"DROP FUNCTION {TABLE}_no_{verb}()")
        else:
            schema_editor.execute(f"DROP TRIGGER {TABLE}_no_{verb}")
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_replace")


def find(apps, schema_editor):
    places = apps.get_model("education", "EditionPlaces").objects
    editions = apps.get_model("education", "Edition").objects.order_by("pk")
    batch = []
    for pk, html, content in editions.values_list("pk", "html", "content").iterator(chunk_size=100):
        batch.append(places.model(edition_id=pk, format=1, data=places_json(html, content)))
        if len(batch) == 100:
            places.bulk_create(batch)
            batch = []
    places.bulk_create(batch)


class Migration(migrations.Migration):

    dependencies = [
        ('education', '0006_audit_about'),
    ]

    operations = [
        migrations.CreateModel(
            name='EditionPlaces',
            fields=[
                ('edition', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='places', serialize=False, to='education.edition')),
                ('format', models.PositiveSmallIntegerField()),
                ('data', models.TextField(help_text='JSON, as rendering/places.py reads it.')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.RunPython(create_triggers, drop_triggers),
        migrations.RunPython(find, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='edition',
            name='digest',
            field=models.CharField(help_text='SHA-256 over the row and its places; the audit trail has it too.', max_length=64),
        ),
        migrations.RenameField(
            model_name='article',
            old_name='turn',
            new_name='time_notice',
        ),
        migrations.AlterField(
            model_name='article',
            name='time_notice',
            field=models.CharField(blank=True, editable=False, help_text='Time-based banner last shown: overdue or waited.', max_length=10),
        ),
    ]
