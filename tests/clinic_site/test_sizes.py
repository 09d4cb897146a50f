"""How large an upload may be is one setting: everything else follows from it."""

import re
from pathlib import Path

from django.conf import settings

from education.clinic.forms import ClinicProfileForm
from education.images.forms import NewPictureForm

ROOT = Path(__file__).resolve().parent.parent.parent
SPOKEN = f"{settings.MAX_UPLOAD_MB} MB"


def test_the_words_that_staff_read_give_the_number() -> None:
    for field in (NewPictureForm.base_fields["file"], ClinicProfileForm.base_fields["new_logo"]):
        assert SPOKEN in str(field.help_text)


def test_the_number_is_written_nowhere_else() -> None:
    number = re.compile(rf"\b{settings.MAX_UPLOAD_MB}(?:[ \xa0]?MB\b|_000_000\b|000000\b|m;)")
    paths = [path for top in ("clinic_site", "education", "templates", "tests") for path in (ROOT / top).rglob("*.*")]
    texts = [path for path in paths if path.suffix in (".py", ".html", ".md", ".js", ".txt", ".conf")]
    found = [str(path.relative_to(ROOT)) for path in texts if number.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_a_form_with_an_upload_passes_every_other_limit() -> None:
    upload = settings.MAX_UPLOAD_MB * 1_000_000
    limits = dict(settings.BODY_LIMITS)
    assert upload < settings.FILE_UPLOAD_MAX_MEMORY_SIZE < limits["/admin/"] < settings.BODY_BYTES_HELD
    assert limits["/request-a-consultation/"] > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
