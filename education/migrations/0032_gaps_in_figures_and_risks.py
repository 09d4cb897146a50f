"""A draft may hold a figure that shows nothing yet, and a risk picture without its count."""

from django.db import migrations, models
from django.db.models import Q

from education.migrations._triggers import keeping_triggers


class Migration(migrations.Migration):
    dependencies = [("education", "0031_tasks")]

    operations = keeping_triggers([
        migrations.RemoveConstraint(model_name="figureblock", name="figure_shows_one_thing"),
        migrations.AddConstraint(
            model_name="figureblock",
            constraint=models.CheckConstraint(
                condition=Q(drawing="") | Q(picture__isnull=True),
                name="figure_shows_no_two_things",
                violation_error_message="Choose a picture or a drawing: one of them, not both.",
            ),
        ),
        migrations.AlterField(
            model_name="riskblock",
            name="first_count",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="how many"),
        ),
    ])
