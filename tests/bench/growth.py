"""Whether lists and search stay fast as the number of articles grows."""

import subprocess
import sys
import time
from pathlib import Path

from tests.bench import servers
from tests.bench.figures import Refused, Report
from tests.bench.load import Reader, Server, interleaved, read_all
from tests.server import ROOT, Launcher, environment

ARTICLES = (100, 100_000)
TIMES = 15
LIST = "/admin/education/article/"
# Copies of one row are enough for the list; the rows it shows first are real articles.
COPY_ARTICLES = """
INSERT INTO education_article ({columns}, slug, title, kind)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)
SELECT {columns}, printf('copy-%%d', i), printf('Copy %%d of a page', i), 'condition'
FROM n, (SELECT * FROM education_article ORDER BY id LIMIT 1) a
"""
FURNISH = "from tests.bench.growth import furnish; furnish({articles})"


def furnish(articles: int) -> None:
    """Run inside the site: make this many articles by copying one, and an account to look at them."""
    from django.db import connection

    from education.articles.models import Article
    from education.health.actions import refresh_planner_statistics
    from tests import cast

    user = cast.staff("bench", "editor", "clinician", "intake", "manager")
    copied = {field.column for field in Article._meta.concrete_fields} - {"id", "slug", "title", "kind"}
    with connection.cursor() as cursor:
        cursor.execute(COPY_ARTICLES.format(columns=", ".join(sorted(copied))), [articles])
    make_findable(articles)
    refresh_planner_statistics()
    print(cast.logged_in(user).cookies["sessionid"].value)


def make_findable(articles: int) -> None:
    """Every copy is about pain: a word that is on most pages is the most expensive to search for."""
    from modelsearch.backends import get_search_backend

    from education.search.models import SearchEntry

    index = get_search_backend().get_index_for_model(SearchEntry)
    words = "pain that many people have and what may help with it"
    for start in range(0, articles, 5_000):
        numbers = range(start, min(start + 5_000, articles))
        made = [
            SearchEntry(path=f"/copies/{n}/", title=f"Copy {n}", summary="Pain.", body=words, words=f"copy {n} {words}")
            for n in numbers
        ]
        index.add_items(SearchEntry, SearchEntry.objects.bulk_create(made))


def grown(launch: Launcher, data_dir: Path, articles: int) -> dict[str, Server]:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", FURNISH.format(articles=articles)]
    done = subprocess.run(command, cwd=ROOT, env=environment(data_dir, 8000), capture_output=True, text=True)
    if done.returncode:
        raise Refused(f"{articles:,} articles could not be made: {done.stderr.strip()[-500:]}")
    run = servers.django_alone(launch, data_dir).run
    cookies = f"sessionid={done.stdout.split()[-1]}"
    return {
        "article list": Server(run, LIST, cookies),
        "search for a word on every page": Server(run, "/search/?q=pain"),
        "search for a misspelt word": Server(run, "/search/?q=naltrexnoe"),
    }


def fastest(server: Server) -> float:
    """Milliseconds until the response was there; the minimum, as other load on the machine can only add to it."""
    reader, times = Reader(server), []
    for _ in range(TIMES):
        started = time.perf_counter()
        read_all([reader], 1)
        times.append((time.perf_counter() - started) * 1000)
    return min(times)


def show(report: Report, launch: Launcher, small_dir: Path, large_dir: Path) -> None:
    report.begin(f"Growth: {ARTICLES[0]:,} to {ARTICLES[1]:,} articles")
    small = grown(launch, small_dir, ARTICLES[0])
    large = grown(launch, large_dir, ARTICLES[1])
    for name in small:
        try:
            costs = interleaved({"small": small[name], "large": large[name]}, TIMES, rounds=3)
        except Refused as refusal:
            report.refuse(name, str(refusal))
            continue
        most = 40.0 if "search" not in name else None
        report.add(f"{name}, {ARTICLES[0]:,} articles", costs["small"], "ms")
        report.add(f"{name}, {ARTICLES[1]:,} articles", costs["large"], "ms", most=most)
        report.add(f"{name}, {ARTICLES[1]:,} articles: fastest wall-clock time", fastest(large[name]), "ms")
