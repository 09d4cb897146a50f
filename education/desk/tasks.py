"""The desk's sections of tasks: those of whoever looks, and those that nobody has any more."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from education.accounts.models import User
from education.articles import workflow
from education.articles.commenting.models import BlockComment
from education.colleagues.models import Task
from education.consultations import workflow as asking
from education.consultations.models import SealedNote
from education.desk.sections import Section

PLACE = "desk-tasks"  # of one's own, on the desk
DONE_LATELY = timedelta(days=7)  # how long a task that is done stays on the desk, to be opened again


def tasks_for(user: User) -> list[Task]:
    """What colleagues left for this user, the next first, and what is left behind; what is done is among it for some
    days.
    """
    shown = Q(done_at=None) | Q(done_at__gte=timezone.now() - DONE_LATELY)
    found: list[Task] = []
    if user.has_perm(workflow.MAY_VIEW):
        comments = BlockComment.objects.tasks_of_or_left(user, permission=workflow.MAY_VIEW)
        found += comments.filter(shown).select_related("article")
    if user.has_perm(asking.MAY_VIEW):
        notes = SealedNote.objects.tasks_of_or_left(user, permission=asking.MAY_WORK)
        found += notes.filter(shown).defer("sealed", "request__sealed").select_related("request", "author")
    return sorted(found, key=lambda task: (task.due_on, task.pk))


def late(user: User, tasks: list[Task]) -> int:
    """How many of this user's own are overdue."""
    return sum(task.is_overdue for task in tasks if task.task_for == user.get_username())


def sections(user: User, shown: list[Task]) -> list[Section]:
    """One of each, if there is anything to show in it."""
    own = [task for task in shown if task.task_for == user.get_username()]
    open_ones, done = [task for task in own if not task.done_at], [task for task in own if task.done_at]
    left = [task for task in shown if task.task_for != user.get_username()]
    found = (
        [_section("Tasks for you", open_ones, empty="No task is open.", done_tasks=done, place=PLACE)] if own else []
    )
    return [*found, _section("Tasks that nobody has any more", left, is_common=True)] if left else found


def _section(title: str, tasks: list[Task], **more: object) -> Section:
    strong = any(task.is_overdue for task in tasks)
    return Section(title, len(tasks), strong=strong, tasks=tasks, **more)  # type: ignore[arg-type]
