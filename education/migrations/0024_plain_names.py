"""Names of tables as staff read them, and what managers may do by now: topics, and the people of the pages."""

from django.db import migrations, models


def give_permissions(apps, schema_editor):
    from education.accounts.roles import ensure_roles

    ensure_roles()


class Migration(migrations.Migration):
    dependencies = [("education", "0021_how_we_know_it")]

    operations = [
        migrations.AlterModelOptions("auditevent", {"default_permissions": ("view",), "ordering": ["-id"], "verbose_name": "action", "verbose_name_plural": "record of actions"}),
        migrations.AlterModelOptions("person", {"ordering": ["name"], "verbose_name": "author or reviewer", "verbose_name_plural": "authors and reviewers"}),
        migrations.AlterField("person", "slug", models.SlugField("address", unique=True)),
        migrations.RunPython(give_permissions, migrations.RunPython.noop),
    ]
