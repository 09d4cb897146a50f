"""What one request for a page costs, compared with bare servers, nginx and Wagtail."""

import re
from pathlib import Path

from tests.bench import servers
from tests.bench.figures import Refused, Report
from tests.bench.load import Reader, Server, interleaved, ratios
from tests.server import Launcher

MANY, FEW = 3000, 60  # requests per round: for constant responses, for rendered pages
CONCURRENCY = 16  # readers of a published page


def get(server: Server, path: str) -> tuple[bytes, bytes]:
    status, head, body = Reader(Server(server.run, path)).read()
    if status != 200:
        raise Refused(f"{path} answered {status}")
    return head, body


def public_paths(server: Server) -> list[str]:
    """Every page of the sitemap, and the public pages that are not in it."""
    sitemap = get_plain(server, "/sitemap.xml")
    named = re.findall(r"<loc>https?://[^/<]+(/[^<]*)</loc>", sitemap)
    return list(dict.fromkeys(["/", "/a-z/", *named, "/search/?q=pain", "/request-a-consultation/"]))


def get_plain(server: Server, path: str) -> str:
    import urllib.request

    with urllib.request.urlopen(f"http://127.0.0.1:{server.run.port}{path}", timeout=60) as answer:
        return str(answer.read().decode())


def longest_article(server: Server) -> str:
    paths = [path for path in public_paths(server) if path.count("/") == 3 and "?" not in path]
    return max(paths, key=lambda path: len(get(server, path)[1]))


def show(report: Report, launch: Launcher, data_dir: Path, folder: Path) -> None:
    report.begin(f"A published article: processor time per request, {CONCURRENCY} concurrent readers")
    ours = servers.site(launch, data_dir)
    path = longest_article(ours)
    article = Server(ours.run, path)
    answer = servers.saved_response(article, folder)
    rivals = {
        "site": article,
        "gthread": servers.gunicorn(launch, "tests.bench.bare", servers.GTHREAD, data_dir, **answer),
        "asgi": servers.gunicorn(launch, "tests.bench.bare:asgi", servers.ASGI, data_dir, **answer),
    }
    try:
        rivals["nginx"] = servers.nginx(launch, folder, answer)
    except Refused as refusal:
        report.refuse("ratio to nginx", str(refusal))
    costs = interleaved(rivals, MANY, concurrency=CONCURRENCY)
    alone = interleaved({"site": article}, MANY)["site"]
    size = len(get(ours, path)[1])
    for name, label in (("site", "the site"), ("gthread", "bare gthread"), ("asgi", "bare asgi")):
        report.add(f"{label}, longest article ({size:,} bytes)", costs[name], "ms")
    report.add("the site, one reader at a time", alone, "ms")
    report.add("ratio to bare gthread", ratios(costs["site"], costs["gthread"]), most=0.15)
    report.add("ratio to bare asgi, same headers", ratios(costs["site"], costs["asgi"]), most=1.35)
    if "nginx" in costs:
        report.add("nginx serving a file, same headers", costs["nginx"], "ms")
        report.add("ratio to nginx", ratios(costs["site"], costs["nginx"]), most=2)
    against_wagtail(report, launch, folder, article)


def against_wagtail(report: Report, launch: Launcher, folder: Path, article: Server) -> None:
    words = folder / "words.html"
    body = get_plain(article, article.path)
    words.write_text("\n".join(re.findall(r"<(?:h2|p|li)\b[^>]*>.*?</(?:h2|p|li)>", body, re.DOTALL)), encoding="utf-8")
    try:
        rivals = servers.wagtails(launch, folder, words)
    except Refused as refusal:
        report.refuse("Wagtail 8", str(refusal))
        return
    costs = interleaved({"site": article, **rivals}, FEW * 10, concurrency=CONCURRENCY)
    report.add("Wagtail 8, default settings", costs["default"], "ms")
    report.add("Wagtail 8, per-site cache", costs["with per-site cache"], "ms")
    report.add("times cheaper than Wagtail 8, default settings", ratios(costs["default"], costs["site"]), least=250)
    cached = ratios(costs["with per-site cache"], costs["site"])
    report.add("times cheaper than Wagtail 8, per-site cache", cached, least=8)


def show_rendered(report: Report, launch: Launcher, data_dir: Path) -> None:
    """Pages that Django renders: an article that is not in the page cache yet, the form, a search."""
    report.begin("Pages rendered for each request: processor time")
    ours, alone = servers.site(launch, data_dir), servers.django_alone(launch, data_dir)
    path = longest_article(ours)
    pages = {
        "article": Server(alone.run, path),
        "form": Server(ours.run, "/request-a-consultation/"),
        "search": Server(ours.run, "/search/?q=pain"),
        "live": Server(ours.run, "/health/live"),
        "live alone": Server(alone.run, "/health/live"),
    }
    costs = interleaved(pages, FEW * 2)
    report.add("longest article without the page cache (Django on gthread)", costs["article"], "ms", most=2.5)
    report.add("consultation request form", costs["form"], "ms", most=5)
    report.add("search", costs["search"], "ms")
    report.add("/health/live through the edge", costs["live"], "ms")
    report.add("/health/live without the edge (gthread)", costs["live alone"], "ms")


def show_alternatives(report: Report, launch: Launcher, data_dir: Path) -> None:
    """For the table in clinic_site/edge/README.md. /health/live is the cheapest response that Django gives."""
    report.begin("Alternatives to the edge")
    ours = servers.site(launch, data_dir)
    path = longest_article(ours)
    extras = servers.packages("granian", "a2wsgi")
    path_to_extras = {"PYTHONPATH": extras}
    setups = {
        "edge on gunicorn asgi": ours,
        "WSGI wrapper on gthread": servers.gunicorn(
            launch, "tests.bench.alternatives:wrapper", servers.GTHREAD, data_dir
        ).ready(),
        "a2wsgi on gunicorn asgi, no page cache": servers.gunicorn(
            launch, "tests.bench.alternatives:a2wsgi", servers.ASGI, data_dir, BENCH_A2WSGI="yes", **path_to_extras
        ).ready(),
        "edge on granian": servers.granian(launch, data_dir, extras).ready(),
    }
    hits = interleaved({name: Server(setup.run, path) for name, setup in setups.items()}, FEW * 10)
    misses = interleaved({name: Server(setup.run, "/health/live") for name, setup in setups.items()}, FEW * 10)
    for name in setups:
        report.add(f"{name}: published article", hits[name], "ms")
        report.add(f"{name}: /health/live", misses[name], "ms")
