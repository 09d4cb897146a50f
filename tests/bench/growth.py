"""Whether lists and search stay as quick as they were when the clinic was new."""

import subprocess
import sys
import time
from pathlib import Path

from tests.bench import servers
from tests.bench.figures import Refused, Report
from tests.bench.load import Reader, Server, interleaved
from tests.server import ROOT, Launcher, environment

REQUESTS = (1_000, 1_000_000)
ARTICLES = (100, 100_000)
TIMES = 15
QUEUE, LIST = "/admin/education/consultationrequest/", "/admin/education/article/"
# Copies of one row, which is all that a list asks of them: those shown first are the real ones, which can be opened.
COPY_REQUESTS = """
INSERT INTO education_consultationrequest (reference, receipt_hash, content_mac, sealed, key_id, status, flag,
    assignee_id, received_at, ingested_at, changed_at, closed_at, delete_after)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)
SELECT printf('%%08X', i), printf('%%064x', i), '', zeroblob(300), r.key_id,
    CASE WHEN i %% 10 THEN 'closed' ELSE 'new' END, 0, NULL, '2031-01-01 00:00:00', '2031-01-01 00:00:00',
    '2031-01-01 00:00:00', CASE WHEN i %% 10 THEN '2031-01-02 00:00:00' END, '2099-01-01'
FROM n, (SELECT key_id FROM education_consultationrequest ORDER BY id LIMIT 1) r
"""
COPY_ARTICLES = """
INSERT INTO education_article ({columns}, slug, title, kind)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)
SELECT {columns}, printf('copy-%%d', i), printf('Copy %%d of a page', i), 'condition'
FROM n, (SELECT * FROM education_article ORDER BY id LIMIT 1) a
"""
FURNISH = "from tests.bench.growth import furnish; furnish({requests}, {articles})"


def furnish(requests: int, articles: int) -> None:
    """Run inside the site: sixty requests that can be opened, the rest by copying, and somebody to look at them."""
    from django.db import connection

    from education.articles.models import Article
    from education.consultations import actions, examples
    from education.consultations.models import ConsultationRequest, Flag
    from education.health.actions import note_sizes
    from tests import cast

    user = cast.staff("bench", "editor", "clinician", "intake", "manager")
    typed = examples.submissions()
    for number in range(60):
        actions.submit(typed[number % len(typed)], nonce=f"bench-{number}")
    ConsultationRequest.objects.update(flag=Flag.URGENT)
    held = {field.column for field in Article._meta.concrete_fields} - {"id", "slug", "title", "kind"}
    with connection.cursor() as cursor:
        cursor.execute(COPY_REQUESTS, [requests])
        cursor.execute(COPY_ARTICLES.format(columns=", ".join(sorted(held))), [articles])
    make_findable(articles)
    note_sizes()
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


def grown(launch: Launcher, data_dir: Path, requests: int, articles: int) -> dict[str, Server]:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", FURNISH.format(**locals())]
    done = subprocess.run(command, cwd=ROOT, env=environment(data_dir, 8000), capture_output=True, text=True)
    if done.returncode:
        raise Refused(f"{requests:,} requests could not be made: {done.stderr.strip()[-500:]}")
    run = servers.django_alone(launch, data_dir).run
    cookies = f"sessionid={done.stdout.split()[-1]}"
    return {
        "the queue of requests": Server(run, QUEUE, cookies),
        "the queue, those that are closed": Server(run, f"{QUEUE}?status=closed", cookies),
        "the list of articles": Server(run, LIST, cookies),
        "a search for a word that every page holds": Server(run, "/search/?q=pain"),
        "a search for a word that is misspelt": Server(run, "/search/?q=naltrexnoe"),
    }


def waited(server: Server) -> float:
    """Milliseconds until the answer was there, at best: what others on this machine do is not ours."""
    reader, took = Reader(server), []
    for _ in range(TIMES):
        began = time.perf_counter()
        reader.read_on(1)
        took.append((time.perf_counter() - began) * 1000)
    return min(took)


def show(report: Report, launch: Launcher, small_dir: Path, large_dir: Path) -> None:
    report.begin(f"Growth: {REQUESTS[0]:,} to {REQUESTS[1]:,} requests, {ARTICLES[0]:,} to {ARTICLES[1]:,} articles")
    small = grown(launch, small_dir, REQUESTS[0], ARTICLES[0])
    large = grown(launch, large_dir, REQUESTS[1], ARTICLES[1])
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
