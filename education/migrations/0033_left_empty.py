"""Passages of the site may be left empty, so that their part of the page goes away."""

from django.db import migrations, models

from education.migrations._triggers import keeping_triggers


class Migration(migrations.Migration):
    dependencies = [("education", "0032_gaps_in_figures_and_risks")]

    operations = keeping_triggers([
        migrations.AddField(
            model_name="siteplace",
            name="left_empty",
            field=models.BooleanField(default=False, help_text="So that this part of the page goes away."),
        ),
        migrations.AlterField(
            model_name="siteplace",
            name="words",
            field=models.TextField(blank=True, help_text="Empty: as built in, or left empty."),
        ),
    ])
