"""A task: something for one person, with a day, which is on the desk of that person until it is done."""

from dataclasses import dataclass
from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from education.accounts.models import User

Row = TypeVar("Row", bound=models.Model)
IS_TASK = Q(due_on__isnull=False)
TASK_HAS_A_DAY = Q(task_for="", due_on__isnull=True) | (IS_TASK & ~Q(task_for=""))
DONE_BY_SOMEBODY = Q(done_at__isnull=True, done_by="") | (Q(done_at__isnull=False) & ~Q(done_by=""))


@dataclass(frozen=True)
class Whose:
    """For whom a task is, and by which day."""

    person: User
    due_on: date


class TaskQuerySet(models.QuerySet[Row]):
    def open_tasks(self) -> Self:
        return self.filter(IS_TASK, done_at=None).order_by("due_on", "pk")

    def done_tasks(self) -> Self:
        return self.filter(IS_TASK).exclude(done_at=None).order_by("-done_at")

    def tasks_of_or_left(self, user: User, *, permission: str) -> Self:
        """The tasks of this user, and those that are left behind: open, and for somebody without the permission that
        they take, who was switched off or has another role now.
        """
        able = User.objects.with_permission(permission).order_by().values("username")
        left = Q(done_at=None) & ~Q(task_for__in=able)
        return self.filter(IS_TASK & (Q(task_for=user.get_username()) | left))


class Task(models.Model):
    """What was written, by `written_by`, is a task if it is for somebody. The desk shows it by the properties below."""

    task_for = models.CharField(max_length=150, blank=True, help_text="User name: whose task it is, if it is one.")
    due_on = models.DateField(null=True)
    done_by = models.CharField(max_length=150, blank=True, help_text="User name.")
    done_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def is_overdue(self) -> bool:
        return self.due_on is not None and self.done_at is None and self.due_on < timezone.localdate()

    @property
    def on_desk(self) -> str:
        """What is to be done, or where to read that."""
        raise NotImplementedError

    @property
    def stands_on(self) -> str:
        """The title of what the task is about, such as “Lupus”."""
        raise NotImplementedError

    @property
    def address(self) -> str:
        raise NotImplementedError

    @property
    def done_address(self) -> str:
        raise NotImplementedError

    @property
    def reopen_address(self) -> str:
        raise NotImplementedError

    def set_done(self, *, by: User | None) -> None:
        """Note who has done the task. With nobody, it is open again."""
        self.done_by, self.done_at = (by.get_username(), timezone.now()) if by else ("", None)
        self.save(update_fields=["done_by", "done_at"])
