"""What an editor may add to a library without leaving the page being written: the form, and how it is stored."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.text import slugify

from education.accounts.models import User
from education.glossary import actions as glossary
from education.glossary.models import MAY_ADD_TERMS, Term
from education.images import actions as images
from education.images.forms import NewPictureForm, is_too_large
from education.images.models import MAY_ADD_PICTURES, Picture
from education.people import actions as people
from education.people.models import MAY_ADD_PEOPLE, Person
from education.references import actions as references
from education.references.forms import ReferenceForm
from education.references.incoming.matching import free_key, same_study
from education.references.models import MAY_ADD_STUDIES, Reference
from education.wording import actions as wording


@dataclass(frozen=True)
class Adding:
    """`store` returns the new row's value for the picker, or that of one that was there already."""

    offer: str  # on the button
    permission: str
    form: type[forms.ModelForm[Any]]
    store: Callable[[Any, User], Any]

    def form_for(self, request: HttpRequest) -> Any:
        form: Any = type(self.form.__name__, (self.form,), {"body_too_large": is_too_large(request)})
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        return form(*posted, auto_id="adding-%s")


class NewStudyForm(ReferenceForm):
    """Without a key, which is made of the first author and the year, and without a status: nobody checked it yet."""

    url = Reference._meta.get_field("url").formfield(assume_scheme="https")

    class Meta:
        model = Reference
        fields = ("doi", "pmid", "title", "authors", "year", "journal", "url", "kind", "known_by")

    clean_status = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [("", "Choose one"), *Reference.Kind.choices]


class NewTermForm(forms.ModelForm[Term]):
    class Meta:
        model = Term
        fields = ("term", "aliases", "definition")
        widgets = {"aliases": forms.Textarea(attrs={"rows": 2}), "definition": forms.Textarea(attrs={"rows": 3})}

    def clean_term(self) -> str:
        term: str = self.cleaned_data["term"]
        self.instance.slug = slugify(term)[:80]
        if not self.instance.slug or Term.objects.filter(slug=self.instance.slug).exists():
            raise forms.ValidationError("This word is explained already, or its address would be. Look for it above.")
        return term


class NewPersonForm(forms.ModelForm[Person]):
    class Meta:
        model = Person
        fields = ("name", "credentials", "role", "disclosure")
        widgets = {"disclosure": forms.Textarea(attrs={"rows": 2})}


def _store_study(form: NewStudyForm, by: User) -> Reference:
    study: Reference = form.instance
    if found := same_study(study):
        return found
    study.key = free_key(study)
    references.save_reference(study, before="", by=by)
    wording.note_writer(study, by=by)
    return study


def _store_term(form: NewTermForm, by: User) -> Term:
    glossary.save_term(form.instance, by=by)
    wording.note_writer(form.instance, by=by)
    return form.instance


def _store_picture(form: NewPictureForm, by: User) -> Picture:
    return images.add_picture(form.instance, form.cleaned_data["file"], by=by)


def _store_person(form: NewPersonForm, by: User) -> Person:
    people.save_person(form.instance, changed=form.changed_data, by=by)
    return form.instance


FORMS = {
    "studies": Adding("Add a new study", MAY_ADD_STUDIES, NewStudyForm, _store_study),
    "terms": Adding("Explain a new word", MAY_ADD_TERMS, NewTermForm, _store_term),
    "pictures": Adding("Add a new picture", MAY_ADD_PICTURES, NewPictureForm, _store_picture),
    "people": Adding("Add a new person", MAY_ADD_PEOPLE, NewPersonForm, _store_person),
}
