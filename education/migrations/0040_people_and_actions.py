"""What staff call the people of the clinic, and what was done."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('education', '0039_help_to_cite'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='auditevent',
            options={'default_permissions': ('view',), 'ordering': ['-id'], 'verbose_name': 'action', 'verbose_name_plural': 'actions'},
        ),
        migrations.AlterModelOptions(
            name='person',
            options={'ordering': ['name'], 'verbose_name': 'person', 'verbose_name_plural': 'people'},
        ),
        migrations.AlterField(
            model_name='person',
            name='slug',
            field=models.SlugField(help_text='Of their page: /people/…/', unique=True, verbose_name='end of the web address'),
        ),
    ]
