"""Whether what Django answers stays cheap as the number of pages grows: public lists, staff's lists, what a publication
costs, what the worker does by itself.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench.figures import Refused, Report
from tests.server import ROOT, Launcher, environment

PAGES = (200, 10_000, 100_000)
MOST_MS = 60.0  # for a public page at the largest number of pages
COUNTED = {"queries": "queries", "bytes": "B", "noted": "addresses outdated"}
SITE = ("/admin/education/siteplace/", "/admin/education/redirect/")  # where pages are put into lists
MOST_SITE_MS = 500.0
OTHERS = ("/sitemap", "/admin/", "job:", "publish")  # have no target
FURNISH = """
from education.articles.models import Article
from tests.bench import answers, many
many.publish({pages} - Article.objects.published().count() - 1)  # it makes the page that is copied too
answers.measure()
"""


def measured(data_dir: Path, pages: int) -> dict[str, dict[str, Any]]:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", FURNISH.format(pages=pages)]
    done = subprocess.run(command, cwd=ROOT, env=environment(data_dir, 8000), capture_output=True, text=True)
    if done.returncode:
        raise Refused(f"{pages:,} pages could not be made: {done.stderr.strip()[-500:]}")
    rows: dict[str, dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return rows


def show(report: Report, launch: Launcher, data_dir: Path) -> None:
    report.begin("Growth: what Django needs for an answer that nobody has kept, processor time")
    found = {}
    for pages in PAGES:
        copy = Path(shutil.copytree(data_dir, data_dir.with_name(f"pages-{pages}")))
        found[pages] = measured(copy, pages)
    tell(report, [found[pages] for pages in PAGES])


def tell(report: Report, found: list[dict[str, dict[str, Any]]]) -> None:
    """A row for each address: at the largest number of pages, with what it was at the others."""
    *smaller, largest = found
    for name, row in largest.items():
        before = ", ".join(_words(rows[name], pages) for rows, pages in zip(smaller, PAGES, strict=False))
        counted = [f"{row[what]:,} {unit}" for what, unit in COUNTED.items() if what in row]
        report.add(
            f"{name}, {PAGES[-1]:,} pages", row["ms"], "ms", most=_most(name), note="; ".join([before, *counted])
        )


def _most(name: str) -> float | None:
    if name.startswith(SITE):
        return MOST_SITE_MS
    return None if name.startswith(OTHERS) else MOST_MS


def _words(row: dict[str, Any], pages: int) -> str:
    """An address that is there on a larger site only leads elsewhere until then."""
    return f"{row['ms']:.1f} ms at {pages:,}" if "ms" in row else f"no such list at {pages:,}"
