"""Forms that are answered once, answers that wait for an hour, pauses that end early, mail that was refused for good."""

from django.db import migrations, models

from education.migrations._triggers import keeping_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('education', '0015_help_lines_and_days_off'),
    ]

    operations = keeping_triggers([
        migrations.CreateModel(
            name='AnsweredForm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='A hash of the form with the nonce of its page.', max_length=64, unique=True)),
                ('answer', models.CharField(blank=True, help_text='The address that it led to.', max_length=400)),
                ('answered_at', models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='KeptAnswers',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='A hash of the secret.', max_length=64, unique=True)),
                ('locked', models.BinaryField()),
                ('kept_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='consultationrequest',
            name='age_mac',
            field=models.CharField(blank=True, help_text="Whether the person is under 18, told by the receipt's token.", max_length=64),
        ),
        migrations.AddField(
            model_name='intakepause',
            name='ended_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='ended early'),
        ),
        migrations.AlterField(
            model_name='outboxmessage',
            name='last_error',
            field=models.CharField(blank=True, help_text='Type or number of the last error, never its text.', max_length=80),
        ),
        migrations.AlterField(
            model_name='outboxmessage',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('sent', 'sent'), ('failed', 'failed'), ('refused', 'refused'), ('dismissed', 'dismissed')], default='waiting', max_length=10),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(fields=['state'], name='outbox_state'),
        ),
    ])
