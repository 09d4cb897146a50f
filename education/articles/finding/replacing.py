"""Words replaced on many pages: where they are, and the chosen places changed in drafts. Nothing is published."""

from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.text import capfirst

from education.accounts.models import User
from education.articles import workflow
from education.articles.content.canonical import draft_blocks, sha256
from education.articles.editing import autosave
from education.articles.finding.bodies import drafts
from education.articles.finding.places import Place, Walk, Wanted
from education.articles.models import Article, UnsavedWriting
from education.articles.publishing import actions

MAX_PLACES = 500  # that one screen shows
WHAT_IT_VOIDS = {
    workflow.IN_REVIEW: "It waits for a clinician, who will read the new words.",
    workflow.SIGNED_OFF: "It is signed and not published yet. Other words void the signature.",
    workflow.SCHEDULED: "It is signed, and its publication is planned. Other words void both.",
    workflow.PUBLISHED: "Patients read it. They go on reading the old words until the draft is signed and published.",
}


class NotReplaced(ValueError):
    """The page stays as it is. The message says why, for the editor."""


@dataclass(frozen=True)
class FoundPage:
    article: Article
    places: list[Place]
    writers: list[str]  # user names of those who typed in it and have not saved

    @property
    def seen(self) -> str:
        """What the editor has seen of it: another draft, or another writer, makes another."""
        return _seen(self.article, self.writers)

    @property
    def voids(self) -> str:
        return WHAT_IT_VOIDS.get(self.article.state, "")


def search(wanted: Wanted, *, only: Article | None = None) -> tuple[list[FoundPage], bool]:
    """The pages whose draft holds these words, by title; and whether there are more places than one screen shows."""
    numbers = [only.pk] if only else [pk for pk, _ in drafts([wanted.find.replace("’", " ").replace("'", " ")])]
    articles = Article.objects.filter(pk__in=numbers).select_related("topic", "author").order_by("title", "pk")
    pages: list[FoundPage] = []
    shown = 0
    for article in articles:
        walk = Walk(wanted)
        walk.page(article, draft_blocks(article))
        if walk.places and shown + len(walk.places) > MAX_PLACES and pages:
            return pages, True
        if walk.places:
            shown += len(walk.places)
            pages.append(FoundPage(article, walk.places, _writers(article)))
    return pages, False


@transaction.atomic
def replace(pk: int, wanted: Wanted, *, chosen: Collection[int], seen: str, by: User) -> Article:
    """Put the other words into these places of a draft, by number. `seen` is that of the page as it was shown.

    Raises NotReplaced. The draft as it was stays among the page's earlier drafts.
    """
    if not by.has_perm(workflow.MAY_WRITE):
        raise PermissionDenied
    article = Article.objects.select_for_update(of=("self",)).select_related("topic", "author").get(pk=pk)
    if _seen(article, _writers(article)) != seen:
        raise NotReplaced("Somebody wrote in it since you looked. Look at its places again.")
    for row, names in Walk(wanted, chosen).page(article, draft_blocks(article)):
        try:
            row.clean_fields(exclude={field.name for field in row._meta.fields} - {*names})
        except ValidationError as error:
            raise NotReplaced(_refused(row, error)) from error
        row.save(update_fields=[*names, "updated_at"] if row is article else names)
    actions.draft_saved(article, by=by)
    return article


def _refused(row: Model, error: ValidationError) -> str:
    """Why a field refuses new words, such as “Heading: Ensure this value has at most 120 characters (it has 194).”"""
    said = [(row._meta.get_field(name), words) for name, words in error.message_dict.items()]
    return " ".join(f"{capfirst(str(column.verbose_name))}: {' '.join(words)}" for column, words in said)  # type: ignore[union-attr]


def _writers(article: Article) -> list[str]:
    """The colleagues whose form says something else than the draft. One that was only opened is autosaved, too."""
    waiting = UnsavedWriting.objects.filter(article=article).select_related("editor").order_by("editor__username")
    return [row.editor.get_username() for row in waiting if _differs(row, article)]


def _differs(unsaved: UnsavedWriting, article: Article) -> bool:
    return sha256(autosave.typed_content(autosave.typed_data(unsaved), article)) != article.draft_sha256


def _seen(article: Article, writers: list[str]) -> str:
    return " ".join([article.draft_sha256, *writers])
