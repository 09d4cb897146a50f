"""nikto against production mode behind nginx: as a visitor, and as somebody who holds every role.

python -m tests.faults.by_hand.nikto path/to/nikto.pl [minutes for each]
"""

import subprocess
import sys
from pathlib import Path

from tests.faults.by_hand.site import at_work
from tests.faults.furnish import EVERYTHING
from tests.faults.production import Site


def scan(program: str, site: Site, path: str, cookies: dict[str, str], minutes: float) -> None:
    command = ["perl", program, "-h", f"https://127.0.0.1:{int(site.port)}{path}", "-maxtime", f"{minutes * 60:.0f}s"]
    if cookies:
        pairs = ";".join(f'"{name}={value}"' for name, value in cookies.items())
        command += ["-O", f"STATIC-COOKIE={pairs}"]
    subprocess.run([*command, "-nointeractive", "-ask", "no"], cwd=Path(program).parent, check=False)


def main(program: str, minutes: float = 15) -> None:
    with at_work("nikto") as site:
        scan(program, site, "/", {}, minutes)
        scan(program, site, "/admin/", site.staff(EVERYTHING).cookies, minutes)


if __name__ == "__main__":
    main(sys.argv[1], *(float(word) for word in sys.argv[2:3]))
