"""An edit form as an editor opens it: typing into it, autosaving it, saving it."""

from typing import Any

from django.test import Client
from django.urls import reverse

from education.articles.content.canonical import draft_content
from education.articles.models import Article
from tests.cast import text
from tests.screens import Data, body, form_data, plain_words

ADD = "/admin/education/article/add/"
FORM = "article_form"
TEXT = "education_textblock_set"
THREE = [text("<p>First words</p>"), text("<p>Second words</p>"), text("<p>Third words</p>")]


def address(name: str, draft: Article | None, *more: Any) -> str:
    if draft:
        return reverse(f"admin:education_article_{name}", args=[draft.pk, *more])
    return ADD if name == "change" else reverse(f"admin:education_article_{name}_new")


def said(draft: Article) -> list[str]:
    """The texts of the draft's blocks."""
    blocks = draft_content(Article.objects.get(pk=draft.pk))["blocks"]
    return [plain_words(block.get("body") or " ".join(block["items"])) for block in blocks]


class Opened:
    """The form in one person's browser. Each response that shows the form fills in `fields` again."""

    def __init__(self, client: Client, draft: Article | None, query: str = "") -> None:
        self.client, self.draft = client, draft
        page = client.get(address("change", draft) + query)
        assert page.status_code == 200, page.status_code
        self.page = body(page)
        self.fields: Data = form_data(self.page, FORM)

    def type(self, **fields: str) -> "Opened":
        self.fields |= {name: [value] for name, value in fields.items()}
        return self

    def add(self, words: str, *, ordering: int = 90) -> "Opened":
        """A new text block."""
        number = int(self.fields[f"{TEXT}-TOTAL_FORMS"][0])
        row = {"region": "main", "ordering": str(ordering), "id": "", "body": f"<p>{words}</p>"}
        row["parent"] = str(self.draft.pk) if self.draft else ""
        self.fields[f"{TEXT}-TOTAL_FORMS"] = [str(number + 1)]
        return self.type(**{f"{TEXT}-{number}-{name}": value for name, value in row.items()})

    def keep(self) -> Any:
        """What the script does every few seconds."""
        return self.client.post(address("keep", self.draft), self.fields)

    def save(self, button: str = "_continue") -> Any:
        answer = self.client.post(address("change", self.draft), self.fields | {button: ["x"]})
        if answer.status_code != 302:
            self.page = body(answer)
            self.fields = form_data(self.page, FORM)
        return answer
