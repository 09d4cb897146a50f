"""A patient's browser."""

import pytest
from django.test import Client

from education.clinic.models import ClinicProfile


@pytest.fixture
def client(clinic: ClinicProfile) -> Client:
    """Django's own CSRF check looks at its requests."""
    return Client(enforce_csrf_checks=True)
