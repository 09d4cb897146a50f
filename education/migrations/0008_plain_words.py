"""Plain names for four columns, and plainer help texts."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('education', '0007_places_and_time_notice'),
    ]

    operations = [
        migrations.RenameField('bulletin', 'seen', 'was_shown'),
        migrations.RenameField('reviewrun', 'place', 'page'),
        migrations.RenameField('signoff', 'wrote_too', 'self_reviewed'),
        migrations.RenameField('unsavedwriting', 'kept_at', 'autosaved_at'),
        migrations.AlterModelOptions(
            name='unsavedwriting',
            options={'default_permissions': (), 'ordering': ['-autosaved_at']},
        ),
        migrations.AlterField(
            model_name='article',
            name='owner',
            field=models.ForeignKey(blank=True, help_text='Looks after this page, and is told when its review is due.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='article',
            name='review',
            field=models.ForeignKey(editable=False, help_text='The last full review of the live page, from which its review dates come.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='education.signoff'),
        ),
        migrations.AlterField(
            model_name='article',
            name='sign_off',
            field=models.ForeignKey(editable=False, help_text="Of the live edition's content.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='education.signoff'),
        ),
        migrations.AlterField(
            model_name='article',
            name='signature',
            field=models.ForeignKey(editable=False, help_text="Of exactly the draft's content; none while it is unsigned.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='education.signoff'),
        ),
        migrations.AlterField(
            model_name='bulletin',
            name='until',
            field=models.DateField(blank=True, help_text='Its last day. If empty, it stays until you set one.', null=True, verbose_name='shown until'),
        ),
        migrations.AlterField(
            model_name='bulletin',
            name='was_shown',
            field=models.BooleanField(default=False, editable=False, help_text='Whether its page showed it when last marked stale.'),
        ),
        migrations.AlterField(
            model_name='clinicprofile',
            name='second_person_signs',
            field=models.BooleanField(default=False, help_text='If ticked, a second person must sign. If not, clinicians may sign their own changes after reading them again, and the page says so.', verbose_name='whoever changed a page may not sign it'),
        ),
        migrations.AlterField(
            model_name='clinicprofile',
            name='who_we_see',
            field=models.TextField(blank=True, help_text='Whom you treat, and whom you don’t.', max_length=1000),
        ),
        migrations.AlterField(
            model_name='outboxmessage',
            name='key',
            field=models.CharField(help_text='What caused it; each cause sends one mail.', max_length=120, unique=True),
        ),
        migrations.AlterField(
            model_name='outboxmessage',
            name='not_before',
            field=models.DateTimeField(db_index=True, help_text='Next attempt; a lease while one is under way.'),
        ),
        migrations.AlterField(
            model_name='picture',
            name='alt',
            field=models.CharField(help_text='What the picture shows, for people who can’t see it. Don’t begin with “picture of”.', max_length=500, verbose_name='text alternative'),
        ),
        migrations.AlterField(
            model_name='picture',
            name='caption',
            field=models.CharField(blank=True, help_text='Shown below it, unless a page has its own.', max_length=300),
        ),
        migrations.AlterField(
            model_name='picture',
            name='focal_x',
            field=models.PositiveSmallIntegerField(default=50, help_text='What matters most in the picture: it stays in view where the picture is cropped to a square.', validators=[django.core.validators.MaxValueValidator(100)], verbose_name='focus from the left (%)'),
        ),
        migrations.AlterField(
            model_name='plainword',
            name='phrase',
            field=models.CharField(help_text='As it is written in a sentence. A plural needs its own entry.', max_length=80, unique=True),
        ),
        migrations.AlterField(
            model_name='reviewnote',
            name='verb',
            field=models.CharField(help_text='The verb it was written for: submit or send_back.', max_length=20),
        ),
        migrations.AlterField(
            model_name='searchentry',
            name='words',
            field=models.TextField(blank=True, help_text='All of the above, normalised by search.words.'),
        ),
        migrations.AlterField(
            model_name='signoff',
            name='self_reviewed',
            field=models.BooleanField(help_text='The signer wrote part of it, read it again, and attested.'),
        ),
        migrations.AlterField(
            model_name='signoff',
            name='sha256',
            field=models.CharField(help_text='Of `content`: the signature is for nothing else.', max_length=64),
        ),
        migrations.AlterField(
            model_name='topic',
            name='shelf',
            field=models.TextField(blank=True, help_text='Addresses in the order in which readers should see the pages, one a line, such as lupus. Other pages follow by title.', verbose_name='its pages in order'),
        ),
        migrations.AlterField(
            model_name='unsavedwriting',
            name='base',
            field=models.CharField(blank=True, help_text='SHA-256 of the draft that the form was opened on.', max_length=64),
        ),
        migrations.AlterField(
            model_name='unsavedwriting',
            name='form_key',
            field=models.CharField(help_text='Of the opened form: no other form may overwrite it.', max_length=32),
        ),
    ]
