"""The screen on which studies of a file are looked at before any of them is stored."""

from collections.abc import Iterator

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from education.audit.actions import signed_in
from education.core.http import INSUFFICIENT_STORAGE, not_stored
from education.core.text import counted
from education.references import actions
from education.references.incoming.files import MAX_BYTES, BrokenFile, Incoming, read
from education.references.incoming.matching import free_key, same_study
from education.references.models import MAY_ADD_STUDIES, Reference
from education.wording import actions as wording


class FileForm(forms.Form):
    file = forms.FileField(
        label="File",
        required=False,
        help_text="RIS, BibTeX, NBIB (PubMed) or CSL-JSON, as reference managers and PubMed save it; 1 MB at most.",
    )
    text = forms.CharField(label="Or paste it here", required=False, widget=forms.Textarea(attrs={"rows": 8}))

    def clean(self) -> None:
        """Set `found`, the studies, and `text`, which the second step sends: a browser does not send a file again."""
        upload = self.cleaned_data.get("file")
        if upload and upload.size > MAX_BYTES:
            raise forms.ValidationError("This file is larger than 1 MB. Divide it.")
        data = upload.read() if upload else self.cleaned_data.get("text", "").encode()
        if not data.strip():
            raise forms.ValidationError("Choose a file, or paste what it holds.")
        try:
            self.found = read(data)
        except BrokenFile as refusal:
            said = f"Nothing was taken. {refusal}"
            if len(data) <= MAX_BYTES and self._put_below(data.decode("utf-8-sig", errors="replace")):
                said += " What it holds stands below: mend it there, or choose another file."
            raise forms.ValidationError(said) from refusal
        self.text = data.decode("utf-8-sig")

    def _put_below(self, text: str) -> bool:
        """Put what a file holds into the field for pasted words, where a line can be mended. False if it is no text."""
        if "\0" in text:
            return False
        self.data = QueryDict(mutable=True)
        self.data["text"] = text
        return True


def import_studies(request: HttpRequest) -> HttpResponse:
    """Without a file, show the form; with one, or `again`, show what it holds; with ticks, store what was ticked."""
    if not request.user.has_perm(MAY_ADD_STUDIES):
        raise PermissionDenied
    if request.method != "POST":
        return _screen(request, FileForm())
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _screen(request, form, status=422)
    _recognise(form.found)
    if "take" not in request.POST or "again" in request.POST:
        return _screen(request, form)
    chosen = [one for one in form.found if f"{one.line}" in request.POST.getlist("take") and _is_new(one)]
    for one in form.found:
        one.study.kind = request.POST.get(f"kind-{one.line}", one.study.kind)
    lacking = [one for one in chosen if one.study.kind not in Reference.Kind.values]
    if lacking or not chosen:
        words = [f"Line {one.line}: say what kind of study it is." for one in lacking] or ["Check at least one study."]
        return _screen(request, form, problems=words, status=422)
    if refusal := not_stored(request):
        return _screen(request, form, problems=[str(refusal)], status=INSUFFICIENT_STORAGE)
    _store(request, chosen)
    return HttpResponseRedirect(reverse("admin:education_reference_changelist"))


def _recognise(found: list[Incoming]) -> None:
    """Mark those that the library has already, or that the file holds twice."""
    library = list(Reference.objects.all())
    earlier: list[Reference] = []
    for one in found:
        one.same = same_study(one.study, library)
        if not one.same and same_study(one.study, earlier):
            one.problems.append("It stands in this file twice; the first is taken.")
        earlier.append(one.study)


def _is_new(one: Incoming) -> bool:
    return not (one.same or one.problems)


@transaction.atomic
def _store(request: HttpRequest, chosen: list[Incoming]) -> None:
    user = signed_in(request)
    for one in chosen:
        one.study.key = free_key(one.study)
        actions.save_reference(one.study, before="", by=user)
        wording.note_writer(one.study, by=user)
    added = counted(len(chosen), "study", "studies")
    messages.success(request, f"Added: {added}. Each waits to be checked against its original.")


def _screen(
    request: HttpRequest, form: FileForm, *, problems: list[str] | None = None, status: int = 200
) -> HttpResponse:
    found: list[Incoming] = getattr(form, "found", []) if form.is_bound and form.is_valid() else []
    context = {
        **admin.site.each_context(request),
        **{"form": form, "rows": list(_rows(request, found)), "problems": problems, "opts": Reference._meta},
        **{"text": getattr(form, "text", ""), "kinds": Reference.Kind.choices, "title": "Studies from a file"},
    }
    return render(request, "admin/references/import.html", context, status=status)


def _rows(request: HttpRequest, found: list[Incoming]) -> Iterator[tuple[Incoming, bool, bool]]:
    """Each row with whether it can be taken, and whether it is ticked, as at first all are that can."""
    ticked = [] if "again" in request.POST else request.POST.getlist("take")
    for one in found:
        yield one, _is_new(one), _is_new(one) and (not ticked or f"{one.line}" in ticked)
