"""Passages of the site may be left empty, so that their part of the page goes away; topics say more below their pages;
moved addresses have a name.
"""

import json

from django.db import migrations, models

from education.migrations._triggers import keeping_triggers


def say_no_more_yet(apps, schema_editor):
    """What was signed of a topic stays signed: it has the new field too, with nothing in it."""
    public = apps.get_model("education", "PublicWords").objects
    for topic in apps.get_model("education", "Topic").objects.all():
        newest = public.filter(kind="topic", row=topic.pk).order_by("-id").first()
        if newest:
            words = {**json.loads(newest.words), "more": ""}
            public.create(
                kind="topic",
                row=topic.pk,
                words=json.dumps(words, sort_keys=True, ensure_ascii=False),
                name=newest.name,
                signed_by="system",
                signed_at=newest.signed_at,
            )


class Migration(migrations.Migration):
    dependencies = [("education", "0032_gaps_in_figures_and_risks")]

    operations = keeping_triggers([
        migrations.AddField(
            model_name="topic",
            name="more",
            field=models.TextField(
                blank=True,
                default="",
                help_text="Below the pages of the topic. A blank line begins a new paragraph.",
                max_length=3000,
                verbose_name="more words",
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="topic",
            name="summary",
            field=models.CharField(blank=True, max_length=300, verbose_name="introduction"),
        ),
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
        migrations.AlterModelOptions(
            name="redirect",
            options={
                "default_permissions": (),
                "ordering": ["old"],
                "verbose_name": "moved address",
                "verbose_name_plural": "moved addresses",
            },
        ),
        migrations.RunPython(say_no_more_yet, migrations.RunPython.noop),
    ])
