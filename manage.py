#!/usr/bin/env python3
"""Command line of this site: `manage.py help`."""

import gc
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db import DatabaseError


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  an older Python gets a sentence, not a traceback
        version = ".".join(map(str, sys.version_info[:2]))
        sys.exit(f"This site needs Python 3.11 or newer; this is {version}. Install a newer Python and try again.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic_site.settings")
    gc.disable()  # until `education.apps`: what is imported stays, and to look through it takes a sixth of the start
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db import DatabaseError
    except ImportError:
        sys.exit("Django is not installed here. Run `make run`, or `pip install -r requirements.txt` in a venv.")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"The configuration is not complete: {error}")
    except DatabaseError as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(_explained(error))
    except KeyboardInterrupt:
        sys.exit(130)


def _explained(error: "DatabaseError") -> str:
    from django.conf import settings

    from education.health import faults

    return f"{faults.explain(error)} (The data folder is {settings.DATA_DIR}; --traceback tells where it failed.)"


if __name__ == "__main__":
    main()
