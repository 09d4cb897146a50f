"""ASGI entry point, which the web server uses: `gunicorn -c clinic_site/gunicorn.conf.py clinic_site.asgi`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic_site.settings")

from clinic_site.edge.build import edge_before
from clinic_site.wsgi import application as django

application = edge_before(django)
