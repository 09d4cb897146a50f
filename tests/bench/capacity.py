"""What a visit costs one machine, behind the proxy and with the worker: readers, patients, staff.

Run by `.venv/bin/python -m tests.bench.capacity`. Processor time is what a machine
runs out of, and can be measured on a busy one.
"""

import sys
import time
from collections.abc import Callable
from statistics import median

from tests.bench.figures import Refused, Report
from tests.bench.load import processor_seconds
from tests.faults.asking import REQUESTS, form_token, post, rows
from tests.faults.by_hand.site import at_work
from tests.faults.furnish import EVERYTHING, SIGNED
from tests.faults.production import Site
from tests.faults.visitor import Visitor
from tests.server import until

ROUNDS, WINDOWS, WINDOW_SECONDS, REQUESTS_TO_WEIGH = 5, 11, 5, 200
QUEUE = "/admin/education/consultationrequest/"
PAGES = ("/", "/autoimmune-conditions/", SIGNED, "/a-z/")
SIZE = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"


class Meter:
    """Milliseconds of processor time of the site's processes without nginx, less what they take by themselves."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.idle = median(self._idle() for _ in range(WINDOWS))  # in the first ones, pages are rendered in advance

    def _idle(self) -> float:
        before = processor_seconds(self.site.run)
        time.sleep(WINDOW_SECONDS)
        return (processor_seconds(self.site.run) - before) / WINDOW_SECONDS

    def cost(self, visit: Callable[[], None], times: int) -> list[float]:
        costs = []
        for _ in range(ROUNDS):
            before, began = processor_seconds(self.site.run), time.monotonic()
            for _ in range(times):
                visit()
            self.settle()
            used = processor_seconds(self.site.run) - before - self.idle * (time.monotonic() - began)
            costs.append(used / times * 1000)
        return costs

    def settle(self) -> None:
        """Until the worker has taken in what was sent."""
        waiting = f"SELECT 1 FROM {REQUESTS} WHERE ingested_at IS NULL"
        if not until(lambda: not rows(self.site.data_dir, waiting)):
            raise Refused("A request was not taken in.")


def show(report: Report, site: Site) -> None:
    report.begin("What a visit costs one machine: processor time of web server and worker")
    reader, staff, meter = site.visitor(), site.staff(EVERYTHING), Meter(site)
    report.add("a second in which nobody comes", meter.idle * 1000, "ms")
    report.add(f"a reader of {len(PAGES)} pages", meter.cost(lambda: open_all(reader, *PAGES), 40), "ms")
    report.add("a search", meter.cost(lambda: open_all(reader, "/search/?q=pain"), 20), "ms")
    report.add("a request: form, sending, receipt, taking in, mails", meter.cost(lambda: ask(site, reader), 20), "ms")
    report.add("a member of staff opens the queue and a request", meter.cost(lambda: open_one(site, staff), 10), "ms")
    before = size(site)
    for _ in range(REQUESTS_TO_WEIGH):
        ask(site, reader)
    meter.settle()
    report.add("the database grows by, for each request", (size(site) - before) / REQUESTS_TO_WEIGH / 1000, "KB")


def size(site: Site) -> int:
    return int(str(rows(site.data_dir, SIZE)[0][0]))


def open_all(visitor: Visitor, *paths: str) -> None:
    for path in paths:
        status = visitor.get(path).status
        if status != 200:
            raise Refused(f"{path} answered {status}")


def ask(site: Site, patient: Visitor) -> None:
    answer = post(site.port, form_token(site.port), "Bea Bench")
    if answer.status != 303:
        raise Refused(f"A request was answered with {answer.status}.")
    open_all(patient, answer.location)


def open_one(site: Site, staff: Visitor) -> None:
    (newest,) = rows(site.data_dir, f"SELECT max(id) FROM {REQUESTS}")
    open_all(staff, QUEUE, f"{QUEUE}{newest[0]}/change/")


def main() -> int:
    report = Report()
    with at_work("capacity") as site:
        show(report, site)
    return not report.targets_met


if __name__ == "__main__":
    sys.exit(main())
