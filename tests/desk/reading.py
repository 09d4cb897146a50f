"""The desk, as one reads it."""

import re

from tests.cast import logged_in, staff


def desk(*roles: str, username: str = "anna") -> str:
    """What such a person reads, without markup."""
    page = logged_in(staff(username, *roles)).get("/admin/")
    assert page.status_code == 200
    main = re.search(r'<div id="content-main".*', page.content.decode(), re.DOTALL)
    assert main
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).split())
