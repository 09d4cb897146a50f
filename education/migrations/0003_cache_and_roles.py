"""The table of the shared cache (log-in attempts are counted there) and the groups that are the roles."""

from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    from education.accounts.roles import ensure_roles

    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)
    ensure_roles()


class Migration(migrations.Migration):
    dependencies = [
        ("education", "0002_triggers"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
