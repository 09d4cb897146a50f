"""The names from A to Z in a table of their own, so that a list of them reads no more rows than it shows; and indexes by
which the feed and what the worker looks for every minute are found.
"""

from django.db import migrations, models

AT_ONCE = 500


def byte_by_byte(apps, schema_editor):
    """As SQLite compares: with the rules of a language, PostgreSQL would pass over hyphens."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE education_listedname ALTER COLUMN place TYPE varchar(100) COLLATE "C"')


def list_names(apps, schema_editor):
    """Those of the pages that are in the index of the search already."""
    from education.core.http import shelf_of
    from education.search.names import names_of, place_of

    entries = apps.get_model("education", "SearchEntry").objects.order_by("pk")
    ListedName = apps.get_model("education", "ListedName")
    rows = []
    for entry in entries.only("path", "title", "aliases", "summary", "body", "kind").iterator(AT_ONCE):
        shelf, fields = shelf_of(entry.path), ("title", "aliases", "summary", "body", "kind")
        page = {"path": entry.path, "shelf": shelf, "kind": entry.kind, "title": entry.title}
        for name in names_of(**{field: getattr(entry, field) for field in fields}):
            rows.append(ListedName(**page, name=name, is_title=name == entry.title, place=place_of(name)))
    ListedName.objects.bulk_create(rows, batch_size=AT_ONCE)


class Migration(migrations.Migration):

    dependencies = [
        ('education', '0035_search_parts'),
    ]

    operations = [
        migrations.CreateModel(
            name='ListedName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(db_index=True, max_length=300)),
                ('shelf', models.CharField(help_text='The address that its page stands below.', max_length=300)),
                ('kind', models.CharField(blank=True, max_length=20)),
                ('title', models.CharField(help_text='Of the page.', max_length=200)),
                ('name', models.TextField()),
                ('is_title', models.BooleanField()),
                ('place', models.CharField(blank=True, help_text='The name as search.names puts it in order.', max_length=100)),
            ],
            options={
                'ordering': ['place', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.RunPython(byte_by_byte, migrations.RunPython.noop),
        migrations.RunPython(list_names, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='pageversion',
            index=models.Index(fields=['-changed_at'], name='page_version_changed_at'),
        ),
        migrations.AddIndex(
            model_name='listedname',
            index=models.Index(fields=['place', 'id'], name='listed_name_place'),
        ),
        migrations.AddIndex(
            model_name='listedname',
            index=models.Index(condition=models.Q(('is_title', True)), fields=['shelf', 'place', 'id'], name='listed_name_shelf'),
        ),
        migrations.AddIndex(
            model_name='listedname',
            index=models.Index(condition=models.Q(('is_title', True)), fields=['kind', 'shelf', 'place', 'id'], name='listed_name_kind'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['time_notice'], name='article_time_notice'),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(condition=models.Q(('in_a_hurry', True)), fields=['published_at'], name='edition_in_a_hurry'),
        ),
        migrations.AddIndex(
            model_name='signoff',
            index=models.Index(fields=['next_review'], name='sign_off_next_review'),
        ),
    ]
