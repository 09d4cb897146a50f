"""The order of the tests: those with a browser first, those that break real sites a third of the way, all others around
them.

Three processes share a run on two cores, as many tests wait for something. Each begins with a third of the list and
takes over the end of another's when it is done. So one starts Chromium, one starts sites, and the many quick tests keep
all of them busy to the last. Within each part the order stays as it is: random.
"""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    browser = [item for item in items if item.nodeid.startswith("tests/browser/")]
    faults = [item for item in items if item.nodeid.startswith("tests/faults/")]
    slow = {*browser, *faults}
    quick = [item for item in items if item not in slow]
    in_first_third = max(0, len(items) // 3 - len(browser))
    items[:] = [*browser, *quick[:in_first_third], *faults, *quick[in_first_third:]]
