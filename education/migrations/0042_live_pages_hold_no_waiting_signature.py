"""A page that was signed again while it was live kept that signature as one that waits, and so never came up for its
next review.
"""

from typing import Any

from django.db import migrations


def let_go(apps: Any, schema_editor: Any) -> None:
    apps.get_model("education", "Article").objects.filter(state="published").update(signature=None)


class Migration(migrations.Migration):
    dependencies = [("education", "0041_help_and_flag_words")]

    operations = [migrations.RunPython(let_go, migrations.RunPython.noop, elidable=True)]
