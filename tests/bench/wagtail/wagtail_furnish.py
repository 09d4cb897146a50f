"""Makes the database, and one article with the words of the file that is named."""

import sys
from pathlib import Path

import django


def furnish(words: str) -> None:
    from django.core.management import call_command
    from wagtail.models import Page, Site
    from wagtail_articles.models import ArticlePage

    call_command("migrate", verbosity=0)
    home = Site.objects.get().root_page
    for number in range(4):
        home.add_child(instance=Page(title=f"Topic {number}", slug=f"topic-{number}", show_in_menus=True))
    home.add_child(instance=ArticlePage(title="Article", slug="article", summary="About it.", body=words))
    Site.objects.update(hostname="127.0.0.1", port=80)


if __name__ == "__main__":
    django.setup()
    furnish(Path(sys.argv[1]).read_text(encoding="utf-8"))
