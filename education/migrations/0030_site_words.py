"""The clinic's own words around its pages, each with its versions, and who may write them."""

from django.db import migrations, models


def give_permissions(apps, schema_editor):
    from education.accounts.roles import ensure_roles

    ensure_roles()


class Migration(migrations.Migration):
    dependencies = [("education", "0029_block_comments")]

    operations = [
        migrations.CreateModel(
            name="SitePlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(editable=False, max_length=80, unique=True)),
                ("words", models.TextField(blank=True, help_text="Empty: as built in.")),
            ],
            options={
                "verbose_name": "words of the site",
                "verbose_name_plural": "words of the site",
                "ordering": ["id"],
                "default_permissions": ("view", "change"),
            },
        ),
        migrations.CreateModel(
            name="SitePlaceVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(db_index=True, max_length=80)),
                ("words", models.TextField()),
                ("saved_by", models.CharField(help_text="User name, or “system”.", max_length=150)),
                ("saved_at", models.DateTimeField()),
            ],
            options={"ordering": ["-id"], "default_permissions": ()},
        ),
        migrations.RunPython(give_permissions, migrations.RunPython.noop),
    ]
