"""What staff call a pause: one of the request form."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('education', '0037_what_a_publication_reads'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='intakepause',
            options={'default_permissions': ('view', 'add', 'change'), 'ordering': ['-begins', '-id'], 'verbose_name': 'pause of the request form', 'verbose_name_plural': 'pauses of the request form'},
        ),
    ]
