"""What can be done with many articles at once, from the list. Each page counts by itself: one that has to be left out
is named with the reason, and does not hold up the others.
"""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from education.accounts.models import User, staff
from education.articles import workflow
from education.articles.finding.copies import copy
from education.articles.library.loading import to_text
from education.articles.models import Article, Topic
from education.articles.publishing import actions, moves
from education.core.text import counted
from education.core.workflow import IllegalMove

CONFIRMED = "confirmed"  # the button on the second screen


class OwnerForm(forms.Form):
    owner = forms.ModelChoiceField(
        User.objects.none(), required=False, empty_label="Nobody", label="Who looks after these pages"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.with_permission(workflow.MAY_WRITE).order_by("username")
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]


class TopicForm(forms.Form):
    topic = forms.ModelChoiceField(
        Topic.objects.all(),
        empty_label="Choose one",
        label="Topic",
        help_text="Pages that patients read get a new address. The old one leads there.",
        error_messages={"required": "Choose the topic that these pages go to."},
    )


@dataclass(frozen=True)
class SecondScreen:
    """A second screen, which asks what is to be done with the pages that were checked."""

    title: str
    button: str
    form_class: type[forms.Form]
    run: Callable[[Article, Any, User], object]
    done: str


def _assign(article: Article, form: Any, by: User) -> None:
    actions.assign(article, owner=form.cleaned_data["owner"], by=by)


def _move(article: Article, form: Any, by: User) -> None:
    moves.to_topic(article, form.cleaned_data["topic"], by=by)


ASSIGN = SecondScreen("Assign an owner", "Assign", OwnerForm, _assign, "Assigned")
MOVE = SecondScreen("Move to another topic", "Move", TopicForm, _move, "Moved")


class BulkActions:
    """For the admin of articles."""

    actions = [
        *("publish_selected", "submit_selected", "assign_selected", "move_selected", "copy_selected"),
        "export_selected",
    ]

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(workflow.MAY_PUBLISH)

    @admin.action(description="Publish what a clinician has signed", permissions=["publish"])
    def publish_selected(self, request: HttpRequest, articles: Any) -> None:
        _each(request, articles, lambda article, by: actions.publish(article, by=by), "Published", "published")

    @admin.action(description="Send for review", permissions=["change"])
    def submit_selected(self, request: HttpRequest, articles: Any) -> None:
        _each(request, articles, lambda article, by: actions.submit(article, by=by), "Sent for review", "sent")

    @admin.action(description="Assign an owner…", permissions=["change"])
    def assign_selected(self, request: HttpRequest, articles: Any) -> HttpResponse | None:
        return _second_screen(request, articles, ASSIGN)

    @admin.action(description="Move to another topic…", permissions=["change"])
    def move_selected(self, request: HttpRequest, articles: Any) -> HttpResponse | None:
        return _second_screen(request, articles, MOVE)

    @admin.action(description="Copy to new drafts", permissions=["add"])
    def copy_selected(self, request: HttpRequest, articles: Any) -> HttpResponse | None:
        """The copy of a single page is opened at once."""
        made: list[Article] = []
        _each(request, articles, lambda article, by: made.append(copy(article, by=by)), "Copied", "copied")
        return redirect("admin:education_article_change", made[0].pk) if len(made) == 1 else None

    @admin.action(description="Export the drafts as Markdown files", permissions=["view"])
    def export_selected(self, request: HttpRequest, articles: Any) -> HttpResponse:
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
            for article in articles.select_related("topic", "author"):
                files.writestr(f"{article.slug}.md", to_text(article))
        headers = {"Content-Disposition": 'attachment; filename="articles.zip"'}
        return HttpResponse(packed.getvalue(), content_type="application/zip", headers=headers)


def _second_screen(request: HttpRequest, articles: Any, screen: SecondScreen) -> HttpResponse | None:
    confirmed = CONFIRMED in request.POST
    form = screen.form_class(request.POST if confirmed else None)
    if confirmed and form.is_valid():
        _each(request, articles, lambda article, by: screen.run(article, form, by), screen.done, "changed")
        return None
    context = {
        **admin.site.each_context(request),
        **{"title": screen.title, "button": screen.button, "form": form, "articles": articles},
        **{"action": request.POST.get("action", ""), "checked": ACTION_CHECKBOX_NAME, "confirmed": CONFIRMED},
    }
    return render(request, "admin/articles/bulk.html", context, status=422 if confirmed else 200)


def _each(
    request: HttpRequest, articles: Any, run: Callable[[Article, User], object], done: str, not_done: str
) -> None:
    count = 0
    for article in articles.select_related("topic"):
        try:
            run(article, staff(request))
            count += 1
        except (actions.NotPublishable, IllegalMove) as refusal:
            messages.error(request, f"“{article.title}” was not {not_done}. {refusal}")
    if count:
        messages.success(request, f"{done}: {counted(count, 'page')}.")
