"""Requests are found by whole telephone numbers: by which rules each was indexed, and room for a number in each form.

The worker, which holds the keys, indexes the older ones again.
"""

from django.db import migrations, models

from education.migrations._triggers import keeping_triggers


class Migration(migrations.Migration):
    dependencies = [("education", "0013_public_words")]

    operations = keeping_triggers([
        migrations.AddField(
            model_name="consultationrequest",
            name="indexed_as",
            field=models.CharField(
                blank=True,
                db_index=True,
                default="",
                help_text="The rules by which it is found. With other rules: again.",
                max_length=8,
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="consultationrequest",
            name="phone_mac",
            field=models.CharField(
                blank=True, help_text="One for each way to write each number.", max_length=650
            ),
        ),
        migrations.AlterField(
            model_name="clinicprofile",
            name="telephone",
            field=models.CharField(
                blank=True,
                help_text="If it is empty, no number is shown. An extension may follow as “ext 12”, a second number "
                "after a comma.",
                max_length=80,
            ),
        ),
    ])
