from django.db import migrations, models

from education.migrations._triggers import keeping_triggers


class Migration(migrations.Migration):
    dependencies = [("education", "0027_look_ups")]

    operations = keeping_triggers(
        [
            migrations.AddField(
                model_name="person",
                name="on_team",
                field=models.BooleanField(
                    default=False,
                    help_text="Shown on the home page and under “People”, also without having written or reviewed a page.",
                    verbose_name="works at the clinic",
                ),
            ),
            migrations.AddField(
                model_name="person",
                name="is_example",
                field=models.BooleanField(
                    default=False, editable=False, help_text="Invented, and not edited since."
                ),
            ),
        ]
    )
