"""Names of tables as staff read them, and what managers may do by now: topics, and the people of the pages."""

from django.core.validators import RegexValidator
from django.db import migrations, models


def give_permissions(apps, schema_editor):
    from education.accounts.roles import ensure_roles

    ensure_roles()


class Migration(migrations.Migration):
    dependencies = [("education", "0022_who_wrote_words")]

    operations = [
        migrations.AlterModelOptions(
            "auditevent",
            {
                "default_permissions": ("view",),
                "ordering": ["-id"],
                "verbose_name": "action",
                "verbose_name_plural": "record of actions",
            },
        ),
        migrations.AlterModelOptions(
            "person",
            {
                "ordering": ["name"],
                "verbose_name": "author or reviewer",
                "verbose_name_plural": "authors and reviewers",
            },
        ),
        migrations.AlterField("person", "slug", models.SlugField("address", unique=True)),
        migrations.AlterField(
            "clinicprofile",
            "second_person_signs",
            models.BooleanField(
                "whoever changed a page may not sign it",
                default=False,
                help_text="If checked, a second person must sign. If not, clinicians may sign their own changes after "
                "reading them again, and the page says so.",
            ),
        ),
        migrations.AlterField(
            "clinicprofile",
            "working_days",
            models.CharField(
                default="12345",
                max_length=7,
                validators=[RegexValidator("^(?=[1-7])1?2?3?4?5?6?7?$", "Choose at least one working day.")],
            ),
        ),
        migrations.RunPython(give_permissions, migrations.RunPython.noop),
    ]
