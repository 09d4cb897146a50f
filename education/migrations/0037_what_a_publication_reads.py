"""A publication reads no more rows on a large site: which page links to which address stands in a table of its own, and
the titles that modelsearch looks for after each entry, of which ours have none, have an index.
"""

from django.db import migrations, models

AT_ONCE = 500


def list_links(apps, schema_editor):
    """Those of the pages that are published now."""
    from education.articles.rendering.places import places_from
    from education.pages.models import MAX_PATH

    PageLink = apps.get_model("education", "PageLink")
    articles = apps.get_model("education", "Article").objects.filter(current_edition__isnull=False).order_by("pk")
    columns = ("kind", "slug", "topic__slug", "current_edition__places__data")
    rows = []
    for kind, slug, topic, data in articles.values_list(*columns).iterator(AT_ONCE):
        path = f"/{slug}/" if kind == "policy" else f"/{topic}/{slug}/"
        rows += [PageLink(path=path, to=to) for to in places_from(data).paths if len(to) <= MAX_PATH]
    PageLink.objects.bulk_create(rows, batch_size=AT_ONCE)


class Migration(migrations.Migration):

    dependencies = [
        ('education', '0036_listed_names'),
        ('modelsearch', '0004_rename_modelsear_autocom_476c89_gin_modelsearch_autocom_ea8581_gin_and_more'),
    ]

    operations = [
        migrations.CreateModel(
            name='PageLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(db_index=True, max_length=300)),
                ('to', models.CharField(db_index=True, max_length=300)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.RunPython(list_links, migrations.RunPython.noop),
        migrations.RunSQL(
            "CREATE INDEX search_titles ON modelsearch_indexentry (length(title)) WHERE length(title) > 0",
            "DROP INDEX search_titles",
        ),
    ]
