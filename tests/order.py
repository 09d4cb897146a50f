"""The order of the tests: those with a browser first, those that break real sites halfway, all others around them.

Two processes share a run, each beginning with one half of the list and taking over the end of the other's when it is
done. So one starts Chromium, the other starts sites, and the many quick tests at the end of each half keep both busy to
the last. Within each part the order stays as it is: random.
"""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    browser = [item for item in items if item.nodeid.startswith("tests/browser/")]
    faults = [item for item in items if item.nodeid.startswith("tests/faults/")]
    slow = {*browser, *faults}
    quick = [item for item in items if item not in slow]
    in_first_half = max(0, len(items) // 2 - len(browser))
    items[:] = [*browser, *quick[:in_first_half], *faults, *quick[in_first_half:]]
