"""Whether lists and search stay as quick as they were when the clinic was new."""

import subprocess
import sys
import time
from pathlib import Path

from tests.bench import servers
from tests.bench.figures import Refused, Report
from tests.bench.load import Reader, Server, interleaved, read_on
from tests.server import ROOT, Launcher, environment

ARTICLES = (100, 100_000)
TIMES = 15
LIST = "/admin/education/article/"
# Copies of one row, which is all that a list asks of them: those shown first are the real ones, which can be opened.
COPY_ARTICLES = """
INSERT INTO education_article ({columns}, slug, title, kind)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)
SELECT {columns}, printf('copy-%%d', i), printf('Copy %%d of a page', i), 'condition'
FROM n, (SELECT * FROM education_article ORDER BY id LIMIT 1) a
"""
FURNISH = "from tests.bench.growth import furnish; furnish({articles})"


def furnish(articles: int) -> None:
    """Run inside the site: so many articles by copying, and somebody to look at them."""
    from django.db import connection

    from education.articles.models import Article
    from education.health.actions import refresh_planner_statistics
    from tests import cast

    user = cast.staff("bench", "editor", "clinician", "intake", "manager")
    held = {field.column for field in Article._meta.concrete_fields} - {"id", "slug", "title", "kind"}
    with connection.cursor() as cursor:
        cursor.execute(COPY_ARTICLES.format(columns=", ".join(sorted(held))), [articles])
    make_findable(articles)
    refresh_planner_statistics()
    print(cast.logged_in(user).cookies["sessionid"].value)


def make_findable(articles: int) -> None:
    """Every copy is about pain: the word that most pages hold is the hardest to look for."""
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
        "the list of articles": Server(run, LIST, cookies),
        "a search for a word that every page holds": Server(run, "/search/?q=pain"),
        "a search for a word that is misspelt": Server(run, "/search/?q=naltrexnoe"),
    }


def waited(server: Server) -> float:
    """Milliseconds until the answer was there, at best: what others on this machine do is not ours."""
    reader, took = Reader(server), []
    for _ in range(TIMES):
        began = time.perf_counter()
        read_on([reader], 1)
        took.append((time.perf_counter() - began) * 1000)
    return min(took)


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
        report.add(f"{name}, small", costs["small"], "ms")
        report.add(f"{name}, large", costs["large"], "ms", most=most)
        report.add(f"{name}, large: the fastest by the clock", waited(large[name]), "ms")
