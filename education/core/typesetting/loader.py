"""Templates as they are read: those of the public pages lose their indentation once, and not on each page sent."""

import re
from typing import Any

from django.template import Template
from django.template.base import TextNode
from django.template.loaders import cached

from education.core.typesetting.html import without_indentation

INDENTED = re.compile(r"\s*\n\s*")


class Loader(cached.Loader):
    def get_template(self, template_name: str, skip: Any = None) -> Template:
        known = self.get_template_cache.get(self.cache_key(template_name, skip))
        template = super().get_template(template_name, skip)
        if template is not known and template_name.endswith(".html") and not template_name.startswith("admin/"):
            texts: Any = template.nodelist.get_nodes_by_type(TextNode)
            for node in texts:
                node.s = without_indentation(INDENTED.sub("\n", node.s))
        return template
