"""The order of the tests: those with a browser first, those that break real sites where the second process begins, all
others around them.

Three processes or more share a run on two cores, as many tests wait for something. Each begins with its share of the
list and takes over the end of another's when it is done. So one starts Chromium, one starts sites, and the many quick
tests keep all of them busy to the last. Of both slow kinds, those that take longest come first: else one of them might
begin when all others are done. Apart from that the order within each part stays as it is: random.
"""

import os

import pytest

# Files with tests of ten seconds and more.
LONGEST = {
    "tests/browser": ("test_walk", "test_origin", "test_autosave", "test_canary", "test_review", "test_staff"),
    "tests/faults": (
        "test_slow",
        "test_greedy",
        "test_asking",
        "test_redis",
        "test_freshness",
        "test_cdn",
        "test_stopping",
        "test_start",
    ),
}


def slow_ones(folder: str, items: list[pytest.Item]) -> list[pytest.Item]:
    """Those of this folder, the longest first."""
    found = [item for item in items if item.nodeid.startswith(f"{folder}/")]
    return sorted(found, key=lambda item: item.path.stem not in LONGEST[folder])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    browser, faults = slow_ones("tests/browser", items), slow_ones("tests/faults", items)
    slow = {*browser, *faults}
    quick = [item for item in items if item not in slow]
    share = len(items) // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    in_first_share = max(0, share - len(browser))
    items[:] = [*browser, *quick[:in_first_share], *faults, *quick[in_first_share:]]
