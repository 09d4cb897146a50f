"""DOIs and PubMed numbers that editors ask about, with the answers that the worker brings."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('education', '0025_on_postgresql'),
    ]

    operations = [
        migrations.CreateModel(
            name='StudyLookUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(db_index=True, max_length=200)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('found', models.JSONField(default=dict)),
                ('problem', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'ordering': ['asked_at'],
                'default_permissions': (),
            },
        ),
    ]
