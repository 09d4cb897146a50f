"""Lines to call or text in an emergency, taken from the profile's words where they name a known number; days off."""

import json
import re
from collections.abc import Callable
from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from education.migrations._triggers import keeping_triggers

DAY_AND_NIGHT = "day and night"
# Known numbers by the words they are in: how the number is written, who answers, whether it takes texts, and when.
KNOWN = {
    "emergency": {number: ("", False, "") for number in ("911", "999", "112", "000")},
    "crisis": {
        "988": ("988 Suicide & Crisis Lifeline", True, DAY_AND_NIGHT),
        "116 123": ("Samaritans", False, DAY_AND_NIGHT),
        "13 11 14": ("Lifeline", False, DAY_AND_NIGHT),
        "1737": ("Need to talk?", True, DAY_AND_NIGHT),
    },
}
AT_ALL_HOURS = re.compile(r"\(?\b24\s*/\s*7\b\)?|\(?\b24[ -]?(?:hours|hrs|h)\b(?: a day)?\)?", re.IGNORECASE)
NUMBER = re.compile(r"\+?\d+(?:[ -]\d+)*")
# What may stand around the number so that the line says all that the words said.
FILLING = re.compile(
    r"\b(?:in an emergency|in a crisis|at any hour|at any time|at once|day and night|day or night|7 days a week|please|call"
    r"|dial|ring|phone|or|text|samaritans|lifeline|the|on|now|immediately|for free|free|anytime)\b|[\s.,;:!–-]",
    re.IGNORECASE,
)
NEAREST = re.compile(r"\bor (?:go|come|drive) to (?:the|your) nearest [^.]+\.?$", re.IGNORECASE)


def line_and_rest(kind: str, words: str) -> tuple[dict[str, str] | None, str]:
    """The line that these words name for certain, and what they say beyond it. Without a line, the words as they are."""
    said = AT_ALL_HOURS.sub("; ", words)
    numbers = {re.sub(r"\D", "", number): number for number in NUMBER.findall(said)}
    known = [number for number in KNOWN[kind] if number.replace(" ", "") in numbers]
    if len(numbers) != 1 or not known:
        return None, words
    label, texts, when = KNOWN[kind][known[0]]
    line = {"kind": kind, "label": label, "call": known[0], "text": known[0] if texts else "", "when": when}
    before_or = NEAREST.sub("", said)
    left = FILLING.sub("", before_or.replace(next(iter(numbers.values())), ""))
    if left:  # the number is one to call only where the words say so: “room 911” is none
        told = re.search(rf"\b(?:call|dial|ring|phone|text) {re.escape(next(iter(numbers.values())))}\b", said, re.IGNORECASE)
        return (line if told else None), words
    nearest = NEAREST.search(words)
    return line, nearest[0][:1].upper() + nearest[0][1:] if nearest else ""


def in_lines(words: dict[str, Any]) -> dict[str, Any]:
    """The words of a profile with their lines apart."""
    found: dict[str, Any] = {"help_lines": []}
    for kind in KNOWN:
        line, rest = line_and_rest(kind, words.get(f"{kind}_words", ""))
        found["help_lines"] += [line] if line else []
        found[f"{kind}_words"] = rest
    return found


def take_lines(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for profile in apps.get_model("education", "ClinicProfile").objects.all():
        for name, value in in_lines({f"{kind}_words": getattr(profile, f"{kind}_words") for kind in KNOWN}).items():
            setattr(profile, name, value)
        profile.save()
        show(apps, "clinicprofile", profile.pk, in_lines)


def show(apps: Apps, kind: str, row: int, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """The same words as patients read them: a signature stands for what they say, not for where they stand."""
    public = apps.get_model("education", "PublicWords").objects
    newest = public.filter(kind=kind, row=row).order_by("-id").first()
    if newest:
        words = json.loads(newest.words)
        public.create(
            kind=kind,
            row=row,
            words=json.dumps({**words, **change(words)}, sort_keys=True, ensure_ascii=False),
            name=newest.name,
            signed_by="system",
            signed_at=newest.signed_at,
        )


def put_lines_back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The words as somebody would write them: an earlier version knows no lines."""
    for profile in apps.get_model("education", "ClinicProfile").objects.all():
        for line in profile.help_lines:
            field = f"{line['kind']}_words"
            if hasattr(profile, field):
                verb = "Call or text" if line["text"] and line["text"] == line["call"] else "Call"
                words = f"{verb} {line['call'] or line['text']}. {getattr(profile, field)}".strip()
                setattr(profile, field, words[:200])
        profile.save()


OLD_SPELLING, NEW_SPELLING = "cough and diarrhoea medicines", "cough and diarrhea medicines"


def spell_as_in_the_us(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """In the question that the site came with."""
    for question in apps.get_model("education", "ScreeningQuestion").objects.filter(help__contains=OLD_SPELLING):
        question.help = question.help.replace(OLD_SPELLING, NEW_SPELLING)
        question.save()
        show(apps, "screeningquestion", question.pk, lambda words: {"help": words["help"].replace(OLD_SPELLING, NEW_SPELLING)})


class Migration(migrations.Migration):
    dependencies = [("education", "0014_whole_numbers")]

    operations = keeping_triggers([
        migrations.AddField(
            model_name="clinicprofile",
            name="closed_days",
            field=models.JSONField(blank=True, default=list, verbose_name="days on which you are closed"),
        ),
        migrations.AddField(
            model_name="clinicprofile",
            name="closed_on_holidays",
            field=models.BooleanField(default=True, help_text="Those of your country, and of your state or region if you name it above.", verbose_name="closed on public holidays"),
        ),
        migrations.AddField(
            model_name="clinicprofile",
            name="help_lines",
            field=models.JSONField(blank=True, default=list, verbose_name="lines for an emergency or a crisis"),
        ),
        migrations.AlterField(
            model_name="clinicprofile",
            name="crisis_words",
            field=models.CharField(blank=True, help_text="Shown after the lines for a crisis. A number in these words can’t be tapped: put it into a line.", max_length=200, verbose_name="more words for a crisis"),
        ),
        migrations.AlterField(
            model_name="clinicprofile",
            name="emergency_words",
            field=models.CharField(blank=True, help_text="Shown after the lines above, for example: Or go to the nearest emergency department. A number in these words can’t be tapped: put it into a line.", max_length=200, verbose_name="more words for an emergency"),
        ),
        migrations.AlterField(
            model_name="clinicprofile",
            name="accent",
            field=models.CharField(default="#0f5c5c", help_text="Used for links and buttons.", max_length=7, verbose_name="accent color"),
        ),
        migrations.AlterField(
            model_name="clinicprofile",
            name="directions",
            field=models.TextField(blank=True, help_text="Bus, parking, entrance, elevator, and how to visit by video.", max_length=1000),
        ),
        migrations.RunPython(take_lines, put_lines_back),
        migrations.RunPython(spell_as_in_the_us, migrations.RunPython.noop),
    ])
