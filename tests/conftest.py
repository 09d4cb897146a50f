"""What every test may use."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _clean_counters(request: pytest.FixtureRequest) -> None:
    """Log-in attempts are counted in the shared cache: no test inherits another's."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        cache.clear()
