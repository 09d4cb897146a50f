"""What an installation notes about itself, to compare later."""

from datetime import datetime

from django.utils import timezone

from education.audit.models import InstallationFact


def note(name: str, value: str, *, now: datetime | None = None) -> None:
    at = now or timezone.now()
    InstallationFact.objects.update_or_create(name=name, defaults={"value": value, "noted_at": at})


def known(name: str) -> InstallationFact | None:
    return InstallationFact.objects.filter(name=name).first()


def known_by_prefix(prefix: str) -> list[InstallationFact]:
    return list(InstallationFact.objects.filter(name__startswith=prefix).order_by("name"))


def forget(name: str) -> bool:
    """Whether there was such a fact."""
    return bool(InstallationFact.objects.filter(name=name).delete()[0])
