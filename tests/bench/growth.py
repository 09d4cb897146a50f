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
MOST_MS = 60.0  # for an answer at the largest number of pages
GROWS = ("/sitemap", "job:", "publish")  # a file of so many addresses; and what nobody waits for on a screen
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
    report.begin("Growth: what Django answers at 200, 10,000 and 100,000 published pages, processor time")
    found = {}
    for pages in PAGES:
        copy = Path(shutil.copytree(data_dir, data_dir.with_name(f"pages-{pages}")))
        found[pages] = measured(copy, pages)
    for name in found[PAGES[0]]:
        for pages in PAGES:
            _add(report, name, pages, found[pages][name])


def _add(report: Report, name: str, pages: int, row: dict[str, Any]) -> None:
    counted = [f"{row[what]:,} {unit}" for what, unit in (("queries", "queries"), ("bytes", "B")) if what in row]
    counted += [f"{row['noted']} addresses outdated"] if "noted" in row else []
    is_largest = pages == PAGES[-1] and not name.startswith(GROWS)
    label = f"{name}, {pages:,} pages"
    if "ms" in row:
        report.add(label, row["ms"], "ms", most=MOST_MS if is_largest else None, note=", ".join(counted))
    else:
        report.add(label, row["status"], "", note="status: no list of its own is needed")
