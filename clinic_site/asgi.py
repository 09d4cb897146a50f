"""ASGI entry point, which the web server uses: `gunicorn -c clinic_site/gunicorn.conf.py clinic_site.asgi`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic_site.settings")

from clinic_site.wsgi import application as django  # isort: skip  sets Django up for the others

from clinic_site import watch
from clinic_site.edge.build import edge_before

application = edge_before(django, at_start=watch.start, observe=watch.observer())
