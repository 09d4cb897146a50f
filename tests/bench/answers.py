"""What one answer of Django's costs that nobody has kept: run inside the site, it prints a row for each address."""

import json
import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client

from education.articles.models import Article
from education.articles.publishing import schedule
from education.clinic import actions as clinic
from education.pages.models import ChangeCount, PageChange
from tests import cast

TIMES = 5
ONCE_IS_ENOUGH = 500  # milliseconds
PUBLIC = (
    *("/", "/a-z/", "/a-z/b/", "/a-z/b/ba/", "/autoimmune-conditions/", "/glossary/", "/search/?q=pain"),
    "/search/?q=naltrexnoe",
    *("/sitemap.xml", "/sitemap-1.xml", "/feed/", "/people/", "/contact/", "/request-a-consultation/"),
    *("/autoimmune-conditions/lupus/", "/autoimmune-conditions/lupus/history/"),
)
STAFF = (
    *("/admin/", "/admin/education/article/", "/admin/education/topic/", "/admin/review-board/"),
    *("/admin/education/siteplace/page/home/", "/admin/education/siteplace/page/frame/"),
    *("/admin/education/redirect/add/", "/admin/education/bulletin/add/"),
)
JOBS = {
    "planned publications": schedule.publish_due,
    "planned withdrawals": schedule.expire_due,
    "unsigned pages": schedule.escalate,
    "review reminders": schedule.remind,
    "overdue pages": schedule.update_time_notices,
    "old drafts": schedule.delete_old_drafts,
    "bulletins": clinic.refresh_bulletins,
}


def measure() -> None:
    everybody = Client(HTTP_HOST="127.0.0.1")
    user = cast.staff(f"bench-{time.time_ns()}", "editor", "clinician", "intake", "manager", "administrator")
    user.user_permissions.set(Permission.objects.all())
    staff = Client(HTTP_HOST="127.0.0.1")
    staff.force_login(user)
    rows = {path: _answer(everybody, path) for path in PUBLIC} | {path: _answer(staff, path) for path in STAFF}
    rows |= {f"job: {name}": _cost(job) for name, job in JOBS.items()}
    rows["publish one page again"] = _noting(_publish_again)
    rows["publish one new page"] = _noting(_publish_new)
    print(json.dumps(rows))


def _answer(client: Client, path: str) -> dict[str, float]:
    response = client.get(path)
    if response.status_code != 200:
        return {"status": response.status_code}
    return _cost(lambda: client.get(path)) | {"bytes": len(response.content)}


def _cost(act: Callable[[], object], times: int = TIMES) -> dict[str, float]:
    """Milliseconds of processor time, the least of some; and how many queries."""
    asked = 0

    def count(execute: Any, *query: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*query)

    with connection.execute_wrapper(count):
        act()
    spent = []
    for _ in range(times):
        before = time.process_time()
        act()
        spent.append((time.process_time() - before) * 1000)
        if spent[-1] > ONCE_IS_ENOUGH:
            break
    return {"ms": round(min(spent), 2), "queries": asked}


def _noting(publish: Callable[[], None]) -> dict[str, float]:
    """Also at how many addresses it makes copies outdated."""
    last = ChangeCount.objects.get().number
    publish()
    noted = PageChange.objects.filter(number__gt=last).count()
    return _cost(publish, times=1) | {"noted": noted}


def _publish_again() -> None:
    article = Article.objects.get(slug="page-1")
    cast.live(cast.rewritten(article, cast.text(f"<p>{time.time_ns()}</p>")))


def _publish_new() -> None:
    cast.published(f"page-{time.time_ns()}", title="Between all the others")
