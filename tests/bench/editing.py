"""How long the form of a long article takes to open and to save: by the clock, and of processor time.

On a machine that others use too, only the second says something about the site.
"""

import http.client
import statistics
import subprocess
import sys
import time
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.start import processor_seconds
from tests.screens import form_data
from tests.server import ROOT, Run, environment

BLOCKS = 60
TIMES = 15
MOST_MS = {"open": 1000, "save one word": 400, "save every block": 400, "keep": 400}
FURNISH = "from tests.bench.editing import furnish; furnish()"


def furnish() -> None:
    """Run inside the site: an article of five blocks of each kind, and an editor who is logged in."""
    from tests import cast

    draft = cast.article("long-page", blocks=cast.every_block() * (BLOCKS // len(cast.every_block())))
    client = cast.logged_in(cast.erin_the_editor())
    print(draft.pk, client.cookies["sessionid"].value)


Cost = tuple[float, float]  # milliseconds by the clock, and of processor time


class Editor:
    """A browser of one page."""

    def __init__(self, run: Run, pk: str, session: str) -> None:
        self.run = run
        self.cookies = SimpleCookie({"sessionid": session})
        self.path = f"/admin/education/article/{pk}/change/"

    def ask(self, method: str, path: str, body: str = "") -> tuple[Cost, int, str]:
        """What it cost, the status, what came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.run.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={one.value}" for name, one in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        used, began = processor_seconds(self.run), time.monotonic()
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        came = answer.read().decode()
        took = (time.monotonic() - began) * 1000, (processor_seconds(self.run) - used) * 1000
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.load(cookie)
        connection.close()
        return took, answer.status, came

    def opened(self) -> tuple[Cost, dict[str, list[str]]]:
        took, status, page = self.ask("GET", self.path)
        if status != 200:
            sys.exit(f"{self.path} answered {status}.")
        return took, form_data(page, "article_form")

    def saved(self, prefix: str, word: str) -> Cost:
        """Changes what begins so, saves, and says what it cost."""
        _, data = self.opened()
        for name in data:
            if name.startswith(prefix) and name.endswith(("title", "body", "items", "text", "caption", "known", "dos")):
                data[name] = [f"{data[name][0]} {word}"] if data[name][0] else data[name]
        took, status, page = self.ask("POST", self.path, urlencode(data | {"_continue": "x"}, doseq=True))
        if status != 302:
            sys.exit(f"A save answered {status}: {page[:2000]}")
        return took

    def kept(self, data: dict[str, list[str]]) -> Cost:
        took, status, _ = self.ask("POST", self.path.replace("change/", "unsaved/keep/"), urlencode(data, doseq=True))
        if status != 200:
            sys.exit(f"Keeping answered {status}.")
        return took


def show_editing(run: Run, folder: Path) -> None:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", FURNISH]
    done = subprocess.run(command, cwd=ROOT, env=environment(folder, run.port), capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    editor = Editor(run, *done.stdout.split()[-2:])
    editor.opened()
    _, form = editor.opened()
    figures = {
        "open": [editor.opened()[0] for _ in range(TIMES)],
        "save one word": [editor.saved("title", f"w{n}") for n in range(TIMES)],
        "save every block": [editor.saved("education_", f"w{n}") for n in range(TIMES)],
        "keep": [editor.kept(form) for _ in range(TIMES)],
    }
    for name, costs in figures.items():
        clock, processor = (statistics.mean(cost) for cost in zip(*costs, strict=True))
        print(
            f"The form of {BLOCKS} blocks, {name:<18}{clock:6.0f} ms (the fastest {min(costs)[0]:.0f}), "
            f"{processor:4.0f} ms of processor time; at most {MOST_MS[name]} ms"
        )
