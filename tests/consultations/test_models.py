"""What the database itself holds together."""

import pytest
from django.db import IntegrityError

from education.consultations.models import (
    ConsultationRequest,
)
from tests.consultations import asking

pytestmark = pytest.mark.usefixtures("clinic")


def test_the_database_accepts_no_closed_request_without_its_time() -> None:
    asking.request()
    with pytest.raises(IntegrityError):
        ConsultationRequest.objects.update(status="closed")


def test_the_name_of_a_request_is_its_reference() -> None:
    row = asking.request(**asking.WHOLE)
    assert str(row) == f"Request {row.reference_shown}"
