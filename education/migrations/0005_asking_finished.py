"""Asking, finished: screening questions as rows, pauses, limits, replies, due times."""

import datetime
import django.core.validators
import django.utils.timezone
from django.db import migrations, models


def add_rows(apps, schema_editor):
    from education.consultations.defaults import add_defaults
    from education.accounts.roles import ensure_roles

    ensure_roles()
    add_defaults(apps.get_model("education", "ScreeningQuestion"), apps.get_model("education", "ReplyTemplate"))


class Migration(migrations.Migration):

    dependencies = [
        ('education', '0004_page_changes'),
    ]

    operations = [
        migrations.CreateModel(
            name='IntakeCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('hour', models.DateTimeField()),
                ('count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='IntakePause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.CharField(help_text='What patients read, for example: We are closed until 2 January.', max_length=300)),
                ('begins', models.DateField(default=django.utils.timezone.localdate, verbose_name='paused from')),
                ('until', models.DateField(blank=True, help_text='Its last day. Empty: until you set one.', null=True, verbose_name='paused until')),
            ],
            options={
                'ordering': ['-begins', '-id'],
                'default_permissions': ('view', 'add', 'change'),
            },
        ),
        migrations.CreateModel(
            name='ReplyTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(help_text='What staff see on the button.', max_length=80, unique=True)),
                ('subject', models.CharField(max_length=120)),
                ('words', models.TextField(help_text='No name, no condition, no medicine. The clinic signs below.', max_length=1500)),
                ('active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['title'],
                'default_permissions': ('view', 'add', 'change'),
            },
        ),
        migrations.CreateModel(
            name='ScreeningQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='A short name, such as “sleep”. It can’t be changed later.', max_length=40, unique=True, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9_]*$', 'Use small letters, digits and _, beginning with a letter.')])),
                ('words', models.CharField(help_text='As the patient reads it.', max_length=200, verbose_name='question')),
                ('help', models.CharField(blank=True, help_text='One or two plain sentences, or why you ask.', max_length=400)),
                ('kind', models.CharField(choices=[('yes', '“Yes” is the answer to notice'), ('no', '“No” is the answer to notice')], default='yes', max_length=3)),
                ('flag_noticed', models.PositiveSmallIntegerField(choices=[(0, 'No flag'), (1, 'Amber: note it'), (2, 'Red: a clinician first, don’t book'), (3, 'Urgent: needs help now')], default=1, verbose_name='that answer raises')),
                ('flag_unsure', models.PositiveSmallIntegerField(choices=[(0, 'No flag'), (1, 'Amber: note it'), (2, 'Red: a clinician first, don’t book'), (3, 'Urgent: needs help now')], default=1, verbose_name='“I am not sure” raises')),
                ('flag_talk', models.PositiveSmallIntegerField(choices=[(0, 'No flag'), (1, 'Amber: note it'), (2, 'Red: a clinician first, don’t book'), (3, 'Urgent: needs help now')], default=1, verbose_name='“I would rather talk about it” raises')),
                ('clinicians_only', models.BooleanField(default=False, help_text='Other staff see that it was answered, and the flag.', verbose_name='answer for clinicians only')),
                ('active', models.BooleanField(default=True, verbose_name='on the form')),
                ('order', models.PositiveSmallIntegerField(default=100, help_text='Small numbers come first.')),
            ],
            options={
                'ordering': ['order', 'id'],
                'default_permissions': ('view', 'add', 'change'),
            },
        ),
        migrations.AlterModelOptions(
            name='consultationrequest',
            options={'default_permissions': ('view',), 'permissions': [('work_consultationrequest', 'Can claim, note, contact, close and reopen requests'), ('clinical_consultationrequest', 'Can read answers that are for clinicians only'), ('export_consultationrequest', 'Can export requests'), ('erase_consultationrequest', 'Can export and erase what is kept about one person')]},
        ),
        migrations.RemoveConstraint(
            model_name='consultationrequest',
            name='request_closed_has_time',
        ),
        migrations.RemoveIndex(
            model_name='consultationrequest',
            name='request_waiting',
        ),
        migrations.RemoveIndex(
            model_name='consultationrequest',
            name='request_status',
        ),
        migrations.AddField(
            model_name='clinicprofile',
            name='closes_at',
            field=models.TimeField(default=datetime.time(17, 0), verbose_name='the desk closes at'),
        ),
        migrations.AddField(
            model_name='clinicprofile',
            name='crisis_words',
            field=models.CharField(blank=True, help_text='One plain line for somebody who thinks of harming themselves, with the number for your country, for example: Call or text 988, day or night.', max_length=200, verbose_name='words for a crisis'),
        ),
        migrations.AddField(
            model_name='clinicprofile',
            name='opens_at',
            field=models.TimeField(default=datetime.time(9, 0), verbose_name='the desk opens at'),
        ),
        migrations.AddField(
            model_name='clinicprofile',
            name='reply_working_days',
            field=models.PositiveSmallIntegerField(default=2, help_text='A request that waits longer is shown as overdue.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(30)], verbose_name='reply within (working days)'),
        ),
        migrations.AddField(
            model_name='clinicprofile',
            name='working_days',
            field=models.CharField(default='12345', max_length=7, validators=[django.core.validators.RegexValidator('^(?=[1-7])1?2?3?4?5?6?7?$', 'Tick at least one working day.')]),
        ),
        migrations.AddField(
            model_name='consultationrequest',
            name='contacted_at',
            field=models.DateTimeField(blank=True, help_text='First contact; waiting times come from it.', null=True),
        ),
        migrations.AddField(
            model_name='consultationrequest',
            name='due_at',
            field=models.DateTimeField(default=django.utils.timezone.now, help_text='When the clinic promised to act, or agreed to call again.'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='consultationrequest',
            name='email_mac',
            field=models.CharField(blank=True, help_text='Whose it is, told at the receipt to withdraw it.', max_length=64),
        ),
        migrations.AddField(
            model_name='consultationrequest',
            name='phone_mac',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name='consultationrequest',
            name='key_id',
            field=models.CharField(blank=True, db_index=True, max_length=16),
        ),
        migrations.AlterField(
            model_name='consultationrequest',
            name='sealed',
            field=models.BinaryField(blank=True, help_text='Empty once the patient has withdrawn it.'),
        ),
        migrations.AlterField(
            model_name='consultationrequest',
            name='status',
            field=models.CharField(choices=[('new', 'New'), ('suspect', 'May be spam'), ('claimed', 'Claimed'), ('retry', 'To call again'), ('contacted', 'Contacted'), ('clinician', 'Needs a clinician'), ('booked', 'Booked'), ('closed', 'Closed'), ('spam', 'Spam'), ('withdrawn', 'Withdrawn')], default='new', max_length=10),
        ),
        migrations.AddIndex(
            model_name='consultationrequest',
            index=models.Index(models.OrderBy(models.F('flag'), descending=True), models.F('due_at'), models.F('id'), condition=models.Q(('closed_at__isnull', True)), name='request_waiting'),
        ),
        migrations.AddIndex(
            model_name='consultationrequest',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['due_at', 'id'], name='request_due'),
        ),
        migrations.AddIndex(
            model_name='consultationrequest',
            index=models.Index(models.F('status'), models.OrderBy(models.F('flag'), descending=True), models.F('due_at'), models.F('id'), name='request_status'),
        ),
        migrations.AddIndex(
            model_name='consultationrequest',
            index=models.Index(condition=models.Q(('contacted_at__isnull', False)), fields=['-contacted_at'], name='request_contacted'),
        ),
        migrations.AddConstraint(
            model_name='consultationrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('status__in', ('booked', 'closed', 'spam', 'withdrawn'))), models.Q(models.Q(('status__in', ('booked', 'closed', 'spam', 'withdrawn')), _negated=True), ('closed_at__isnull', True)), _connector='OR'), name='request_finished_has_time'),
        ),
        migrations.AddConstraint(
            model_name='consultationrequest',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'withdrawn'), models.Q(('key_id', ''), _negated=True), _connector='OR'), name='request_is_sealed_or_withdrawn'),
        ),
        migrations.AddConstraint(
            model_name='intakecount',
            constraint=models.UniqueConstraint(fields=('key', 'hour'), name='one_count_an_hour'),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='digest',
            field=models.CharField(help_text='HMAC of this row and `previous`.', max_length=64, unique=True),
        ),
        migrations.RunPython(add_rows, migrations.RunPython.noop),
    ]
