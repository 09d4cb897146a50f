"""Migrations that leave triggers alone.

On SQLite a changed column means a new table under the old name, and the triggers of the old one go with it.
"""

from collections.abc import Sequence

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.operations.base import Operation


def keeping_triggers(operations: Sequence[Operation]) -> list[Operation]:
    """These operations, with every trigger of the database in place again after them, backwards too."""
    return [RunPython(remember, restore), *operations, RunPython(restore, remember)]


def remember(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE TEMPORARY TABLE kept_triggers AS SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger'"
        )


def restore(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM temp.kept_triggers "
            "WHERE name NOT IN (SELECT name FROM main.sqlite_master WHERE type = 'trigger')"
        )
        lost = [sql for (sql,) in cursor.fetchall()]
    for sql in lost:
        schema_editor.execute(sql)
    schema_editor.execute("DROP TABLE temp.kept_triggers")
