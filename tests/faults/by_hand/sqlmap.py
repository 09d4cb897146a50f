"""sqlmap against production mode behind nginx: what visitors and staff may put into an address or a form.

python -m tests.faults.by_hand.sqlmap path/to/sqlmap
"""

import subprocess
import sys
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from tests.faults.asking import ANSWERS, FORM, form_token
from tests.faults.by_hand.site import at_work
from tests.faults.furnish import EVERYTHING
from tests.faults.production import Site

OF_VISITORS = ("/search/?q=gout", "/?q=gout", f"{FORM}?condition=gout", "/accounts/login/?next=/admin/")
OF_STAFF = (
    "/admin/education/article/?q=gout&language__exact=en&o=1",
    "/admin/education/consultationrequest/?q=gout&p=0",
    "/admin/education/reference/?q=gout&kind__exact=rct&o=1",
    "/admin/education/auditevent/?q=gout&p=0",
)
FOUND = "injection point(s)"
TRIED = "do not appear to be injectable"


def scan(program: str, site: Site, path: str, cookies: dict[str, str], *more: str) -> bool:
    """Whether sqlmap tried it and found nothing."""
    with TemporaryDirectory() as folder:
        command = [program, "-u", f"https://127.0.0.1:{int(site.port)}{path}", "--batch", "--level", "1", *more]
        command += ["--dbms", "sqlite", "--host", "127.0.0.1", "--output-dir", folder, "--disable-coloring"]
        if cookies:
            command += ["--cookie", "; ".join(f"{name}={value}" for name, value in cookies.items())]
        said = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    is_clean = TRIED in said and FOUND not in said
    print(f"{path}: {'nothing' if is_clean else said[-2000:]}", flush=True)
    return is_clean


def main(program: str) -> int:
    with at_work("sqlmap") as site:
        clean = [scan(program, site, path, {}) for path in OF_VISITORS]
        answers = urlencode({**ANSWERS, "full_name": "Ana Ruiz", "token": form_token(site.port)})
        clean += [scan(program, site, FORM, {}, "--data", answers, "--skip", "token,consent,action")]
        clean += [scan(program, site, path, site.staff(EVERYTHING).cookies) for path in OF_STAFF]
    return int(not all(clean))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
