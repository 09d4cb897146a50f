"""How long the edit form of a long article takes to open and to save, in wall-clock time and in processor time.

On a shared machine, only processor time says something about the site.
"""

import http.client
import subprocess
import sys
import time
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.figures import Refused, Report
from tests.bench.load import processor_seconds
from tests.screens import form_data
from tests.server import ROOT, Launcher, Run, environment

BLOCKS = 60
TIMES = 15
MAX_MS = {"open": 1000, "save one word": 400, "save every block": 400, "autosave": 400}
FURNISH = "from tests.bench.editing import furnish; furnish()"


def furnish() -> None:
    """Run inside the site: an article with the same number of blocks of each type, and an editor who is logged in."""
    from tests import cast

    draft = cast.article("long-page", blocks=cast.every_block() * (BLOCKS // len(cast.every_block())))
    client = cast.logged_in(cast.erin_the_editor())
    print(draft.pk, client.cookies["sessionid"].value)


Cost = tuple[float, float]  # milliseconds of wall-clock time, and of processor time


class Editor:
    """An editor's browser, on the edit form of one page."""

    def __init__(self, run: Run, pk: str, session: str) -> None:
        self.run = run
        self.cookies = SimpleCookie({"sessionid": session})
        self.path = f"/admin/education/article/{pk}/change/"

    def ask(self, method: str, path: str, body: str = "") -> tuple[Cost, int, str]:
        """Cost, status and body of the response."""
        connection = http.client.HTTPConnection("127.0.0.1", self.run.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={one.value}" for name, one in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        used_before, started = processor_seconds(self.run), time.monotonic()
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        body_text = answer.read().decode()
        took = (time.monotonic() - started) * 1000, (processor_seconds(self.run) - used_before) * 1000
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.load(cookie)
        connection.close()
        return took, answer.status, body_text

    def opened(self) -> tuple[Cost, dict[str, list[str]]]:
        took, status, page = self.ask("GET", self.path)
        if status != 200:
            raise Refused(f"{self.path} answered {status}.")
        return took, form_data(page, "article_form")

    def saved(self, prefix: str, word: str) -> Cost:
        """Append a word to the fields with this prefix, save, and return the cost."""
        _, data = self.opened()
        for name in data:
            if name.startswith(prefix) and name.endswith(("title", "body", "items", "text", "caption", "known", "dos")):
                data[name] = [f"{data[name][0]} {word}"] if data[name][0] else data[name]
        took, status, page = self.ask("POST", self.path, urlencode(data | {"_continue": "x"}, doseq=True))
        if status != 302:
            raise Refused(f"A save answered {status}: {page[:2000]}")
        return took

    def autosaved(self, data: dict[str, list[str]]) -> Cost:
        took, status, _ = self.ask("POST", self.path.replace("change/", "unsaved/keep/"), urlencode(data, doseq=True))
        if status != 200:
            raise Refused(f"An autosave answered {status}.")
        return took


def furnished_editor(run: Run, data_dir: Path) -> tuple[str, str]:
    """Primary key of the long article, and the session of its editor."""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", FURNISH]
    done = subprocess.run(command, cwd=ROOT, env=environment(data_dir, run.port), capture_output=True, text=True)
    if done.returncode:
        raise Refused(done.stderr)
    pk, session = done.stdout.split()[-2:]
    return pk, session


def show(report: Report, launch: Launcher, data_dir: Path) -> None:
    report.begin(f"The edit form of an article of {BLOCKS} blocks, as `make run` serves it")
    run = launch.serve(data_dir).up()
    editor = Editor(run, *furnished_editor(run, data_dir))
    editor.opened()
    _, form = editor.opened()
    figures = {
        "open": [editor.opened()[0] for _ in range(TIMES)],
        "save one word": [editor.saved("title", f"w{n}") for n in range(TIMES)],
        "save every block": [editor.saved("education_", f"w{n}") for n in range(TIMES)],
        "autosave": [editor.autosaved(form) for _ in range(TIMES)],
    }
    for name, costs in figures.items():
        clock, processor = (list(cost) for cost in zip(*costs, strict=True))
        report.add(f"{name}, wall-clock time", clock, "ms", most=MAX_MS[name])
        report.add(f"{name}, processor time", processor, "ms")
