"""The clinic's own words around its pages, each with its versions, and who may write them."""

import django.db.models.deletion
from django.conf import settings
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
        migrations.CreateModel(
            name="UnsavedSiteWords",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("page", models.CharField(max_length=40)),
                (
                    "form_key",
                    models.CharField(help_text="Of the opened form: no other form may overwrite it.", max_length=32),
                ),
                ("data", models.TextField(help_text="JSON: the form as the browser sent it.")),
                ("autosaved_at", models.DateTimeField()),
                (
                    "editor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("page", "editor"), name="one_unsaved_site_form")],
            },
        ),
        migrations.RunPython(give_permissions, migrations.RunPython.noop),
    ]
