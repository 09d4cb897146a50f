"""The form for a reference, which takes a DOI or a PubMed number as it was copied."""

from django import forms

from education.references.identifiers import MAX_PASTED, clean_doi, clean_pmid
from education.references.models import Reference


class ReferenceForm(forms.ModelForm[Reference]):
    """The admin sets `may_lift_warnings` on the form's class for one request."""

    may_lift_warnings = False
    doi = forms.CharField(label="DOI", required=False, max_length=MAX_PASTED, help_text="Its address will do.")
    pmid = forms.CharField(label="PMID", required=False, max_length=MAX_PASTED, help_text="PubMed’s number of it.")

    def clean_status(self) -> str:
        status, before = self.cleaned_data["status"], self.initial.get("status", "")
        if before in Reference.WARNED_OF and status not in Reference.WARNED_OF and not self.may_lift_warnings:
            raise forms.ValidationError("Pages warn of this study. Only a clinician may say that it stands again.")
        return str(status)

    def clean_doi(self) -> str:
        return clean_doi(self.cleaned_data["doi"])

    def clean_pmid(self) -> str:
        return clean_pmid(self.cleaned_data["pmid"])
