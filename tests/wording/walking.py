"""Walks of the staff area, writing a canary into every box, and of the public pages, looking for them."""

import re
from collections import deque
from itertools import count

from django.test import Client

from tests.screens import Reader, body, links, tags

TYPED = ("text", "search", "email", "url", "")
# Ways out, what would take away what the walk looks for, and signing. Emergency publication has a test of its own.
LEFT_ALONE = re.compile(r"logout|/delete/|withdraw|publish-unsigned|throw-away|/erase/|/i18n/|/sign/|mfa|/who-signs/")
HARMLESS = ("csrfmiddlewaretoken", "seen", "was", "draft_base", "draft_over", "form_key")


class Form:
    """One form as a browser shows it: what it would send, and the boxes that somebody can type into."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.data: dict[str, list[str]] = {}
        self.boxes: list[str] = []
        self.buttons: list[str] = []


class _Forms(Reader):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Form] = []
        self.form: Form | None = None
        self.area = self.select = ""
        self.required = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.form = Form(given.get("action", "")) if given.get("method", "").lower() == "post" else None
            self.found += [self.form] if self.form else []
        elif self.form is None:
            return
        elif tag == "textarea":
            self.area = name
            self.form.data[name] = [""]
            self.form.boxes.append(name)
        elif tag == "select":
            self.select, self.required = name, "required" in given
        elif tag == "option" and self.select and "value" in given:
            chosen = self.form.data.get(self.select)
            if "selected" in given or not chosen or (self.required and not chosen[0]):
                self.form.data[self.select] = [given["value"]]
        elif tag == "input" and name:
            self._input(name, given)

    def _input(self, name: str, given: dict[str, str]) -> None:
        assert self.form
        kind = given.get("type", "")
        if kind in ("checkbox", "radio") and "checked" not in given:
            return
        if kind == "submit":
            self.form.buttons.append(name)
        elif kind not in ("file", "button", "image"):
            self.form.data.setdefault(name, []).append(given.get("value", "on" if kind == "checkbox" else ""))
            if kind in TYPED:
                self.form.boxes.append(name)

    def handle_data(self, data: str) -> None:
        if self.area and self.form:
            self.form.data[self.area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""


def forms(html: str) -> list[Form]:
    reader = _Forms()
    reader.feed(html)
    return reader.found


def marked_as_wrong(html: str) -> set[str]:
    return {given["name"] or "" for _, given in tags(html) if given.get("aria-invalid") == "true" and "name" in given}


class Writer:
    """Somebody who writes another made-up word into every box of every form that the staff area shows them."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.canaries: dict[str, tuple[str, str]] = {}  # word: model and field
        self.number = count()
        self.saved = 0
        self.seen: set[str] = set()
        self.filled: set[tuple[str, ...]] = set()

    def walk(self, *starts: str) -> None:
        waiting = deque(starts)
        while waiting:
            path = waiting.popleft().partition("#")[0]
            shape = re.sub(r"\d+", "0", path.partition("?")[0])
            if path in self.seen or shape in self.seen or not path.startswith("/admin/") or LEFT_ALONE.search(path):
                continue
            self.seen |= {path, shape}  # one row of each kind is enough
            answer = self.client.get(path, follow=True)
            if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
                continue
            page = body(answer)
            waiting.extend(links(page))
            where = answer.redirect_chain[-1][0] if answer.redirect_chain else path
            for form in forms(page):
                self.fill(where, form)

    def fill(self, path: str, form: Form) -> None:
        action = form.action or path
        if LEFT_ALONE.search(action) or not action.startswith(("/admin/", "?")):
            return
        boxes = [name for name in form.boxes if name not in HARMLESS and not re.search(r"_FORMS|-id$", name)]
        shape = (re.sub(r"\d+", "0", path + action if action.startswith("?") else action), *boxes)
        if shape in self.filled:
            return  # such as the search, which stands on every page
        self.filled.add(shape)
        self._fill_as_many_as_are_accepted(action, form, boxes)

    def _fill_as_many_as_are_accepted(self, action: str, form: Form, boxes: list[str]) -> None:
        """All boxes at once. Where that is refused: each that is marked as wrong, and the others together; if none is
        marked, each half of them. What else is wrong, such as a tick that is missing, stays so with fewer boxes."""
        refused = self._refused(action, form, boxes)
        if refused is None or len(boxes) < 2 or refused - set(boxes):
            return
        middle = len(boxes) // 2
        wrong = [[name] for name in boxes if name in refused] or [boxes[:middle]]
        others = [name for name in boxes if [name] not in wrong] if refused else boxes[middle:]
        for together in (*wrong, *([others] if others else [])):
            self._fill_as_many_as_are_accepted(action, form, together)

    def _refused(self, action: str, form: Form, boxes: list[str]) -> set[str] | None:
        """The boxes that are marked as wrong, or nothing if the form was taken. Each try is from a page of its own, not
        from one that is older than what the try before has saved.
        """
        opened = {name: value for name, value in form.data.items() if name != "seen"}
        typed = {name: [self._canary(action, name, form.data[name][0])] for name in boxes}
        button = {"_save": "x"} if "_save" in form.buttons or "/add/" in action or "/change/" in action else {}
        answer = self.client.post(action, {**opened, **typed, **button})
        self.saved += answer.status_code == 302
        return None if answer.status_code == 302 else marked_as_wrong(body(answer))

    def _canary(self, action: str, name: str, before: str) -> str:
        number, letters = next(self.number), ""
        for _ in range(4):
            number, letter = divmod(number, 26)
            letters += chr(97 + letter)
        word = f"kanari{letters}"
        model = re.search(r"/education/([a-z]+)/", action)
        self.canaries[word] = (model[1] if model else action, name.rpartition("-")[2])
        field = name.rpartition("-")[2]
        if "email" in field:
            return f"{word}@example.org"
        if field == "url":
            return f"https://{word}.example/"
        return f"<p>{word}</p>" if before.lstrip().startswith("<p>") else word


def public_pages(*starts: str) -> dict[str, str]:
    """Everything that a visitor can reach from these addresses, head and body."""
    client, pages, waiting = Client(), {}, deque(starts)
    while waiting:
        path = waiting.popleft().partition("#")[0]
        if path in pages or not path.startswith("/") or path.startswith(("/admin/", "/accounts/", "/static/")):
            continue
        answer = client.get(path, follow=True)
        if "image" in answer["Content-Type"]:
            continue
        pages[path] = answer.getvalue().decode()
        waiting.extend(links(pages[path]))
    return pages
