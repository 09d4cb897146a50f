"""Help below the fields that is true with and without scripts, and on the telephone; a red flag in words for everybody."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('education', '0040_people_and_actions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='consultationrequest',
            name='flag',
            field=models.PositiveSmallIntegerField(choices=[(0, 'No flag'), (1, 'Amber: note it'), (2, 'Red: a clinician first'), (3, 'Urgent: needs help now')], default=0),
        ),
        migrations.AlterField(
            model_name='dodontblock',
            name='donts',
            field=models.TextField(blank=True, help_text='Each completes “Do not …”. One a line. To cite a study, type [@ and its key right after the full stop, such as [@younger-2013].', verbose_name='don’t'),
        ),
        migrations.AlterField(
            model_name='dodontblock',
            name='dos',
            field=models.TextField(blank=True, help_text='What helps. One a line. To cite a study, type [@ and its key right after the full stop, such as [@younger-2013].', verbose_name='do'),
        ),
        migrations.AlterField(
            model_name='knownblock',
            name='known',
            field=models.TextField(help_text='One a line. To cite a study, type [@ and its key right after the full stop, such as [@younger-2013].', verbose_name='what is known'),
        ),
        migrations.AlterField(
            model_name='knownblock',
            name='not_known',
            field=models.TextField(help_text='One a line. To cite a study, type [@ and its key right after the full stop, such as [@younger-2013].', verbose_name='what is not known'),
        ),
        migrations.AlterField(
            model_name='riskblock',
            name='title',
            field=models.CharField(help_text='What is counted. To cite the study, type [@ and its key at the end.', max_length=200, verbose_name='label'),
        ),
        migrations.AlterField(
            model_name='screeningquestion',
            name='flag_noticed',
            field=models.PositiveSmallIntegerField(choices=[(0, 'No flag'), (1, 'Amber: note it'), (2, 'Red: a clinician first'), (3, 'Urgent: needs help now')], default=1, verbose_name='that answer raises'),
        ),
        migrations.AlterField(
            model_name='screeningquestion',
            name='flag_talk',
            field=models.PositiveSmallIntegerField(choices=[(0, 'No flag'), (1, 'Amber: note it'), (2, 'Red: a clinician first'), (3, 'Urgent: needs help now')], default=1, verbose_name='“I would rather talk about it” raises'),
        ),
        migrations.AlterField(
            model_name='screeningquestion',
            name='flag_unsure',
            field=models.PositiveSmallIntegerField(choices=[(0, 'No flag'), (1, 'Amber: note it'), (2, 'Red: a clinician first'), (3, 'Urgent: needs help now')], default=1, verbose_name='“I am not sure” raises'),
        ),
        migrations.AlterField(
            model_name='screeningquestion',
            name='help',
            field=models.CharField(blank=True, help_text='One or two plain sentences, or why you ask. If the answer is for clinicians only, say so in these words: “Only clinicians see your answer.” On the telephone staff say instead that this holds once the answer is saved.', max_length=400),
        ),
        migrations.AlterField(
            model_name='textblock',
            name='body',
            field=models.TextField(help_text='To cite a study, type [@ and its key right after the full stop, such as [@younger-2013].'),
        ),
    ]
