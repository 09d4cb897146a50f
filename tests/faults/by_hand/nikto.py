"""nikto against production mode behind nginx: as a visitor, and as somebody who holds every role.

python -m tests.faults.by_hand.nikto path/to/nikto.pl [minutes for each]
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.asking import NO_LIMIT
from tests.faults.furnish import EVERYTHING
from tests.faults.production import Site, furnished, in_production
from tests.server import Launcher, manage


def scan(program: str, site: Site, path: str, cookies: dict[str, str], minutes: float) -> None:
    command = ["perl", program, "-h", f"https://127.0.0.1:{int(site.port)}{path}", "-maxtime", f"{minutes * 60:.0f}s"]
    if cookies:
        pairs = ";".join(f'"{name}={value}"' for name, value in cookies.items())
        command += ["-O", f"STATIC-COOKIE={pairs}"]
    subprocess.run([*command, "-nointeractive", "-ask", "no"], cwd=Path(program).parent, check=False)


def main(program: str, minutes: float = 15) -> None:
    with TemporaryDirectory() as name:
        folder, launcher = Path(name), Launcher(Path(name))
        manage(folder / "prepared", "prepare")
        furnished(folder / "prepared", folder / "staffed")
        try:
            with in_production(launcher, folder / "staffed", "nikto", **NO_LIMIT) as site:
                scan(program, site, "/", {}, minutes)
                scan(program, site, "/admin/", site.staff(EVERYTHING).cookies, minutes)
        finally:
            launcher.end_all()


if __name__ == "__main__":
    main(sys.argv[1], *(float(word) for word in sys.argv[2:3]))
