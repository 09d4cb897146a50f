"""Sessions in a table of our own, by the hash of their key; roles that wait for a second administrator.

The tables in which earlier versions kept the keys themselves go, and so everybody is logged out.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('education', '0010_the_form_notes_its_changes'),
    ]

    operations = [
        migrations.CreateModel(
            name='RoleRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('roles', models.CharField(help_text='Names, separated by spaces.', max_length=200)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='role_request', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='StaffSession',
            fields=[
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('session_key', models.CharField(help_text='SHA-256 of the key.', max_length=64, primary_key=True, serialize=False)),
                ('began_at', models.DateTimeField(null=True)),
                ('address', models.GenericIPAddressField(null=True)),
                ('device', models.CharField(blank=True, help_text='As its browser calls itself.', max_length=200)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.RunSQL('DROP TABLE IF EXISTS usersessions_usersession', migrations.RunSQL.noop),
        migrations.RunSQL('DROP TABLE IF EXISTS django_session', migrations.RunSQL.noop),
    ]
