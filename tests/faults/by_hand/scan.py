"""semgrep and bandit over the code: what they find that README.md in the folder above doesn't argue.

python -m tests.faults.by_hand.scan RULES [TOOLS]

RULES is a checkout of semgrep's public rules, TOOLS the folder with both programs, if they are not on the path.
"""

import json
import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from tests.server import ROOT

PACKS = ("bash", "dockerfile", "generic", "html", "javascript", "json", "problem-based-packs", "python", "yaml")
README = Path(__file__).parents[1] / "README.md"
ARGUED = re.findall(r"^\| `([\w.-]+)` \| `([^|]+)` \| [^|]+ \|$", README.read_text(), re.M)


def semgrep(rules: Path, tools: str) -> list[tuple[str, str, int]]:
    command = [f"{tools}semgrep", "scan", "--quiet", "--json", "--metrics=off", "--disable-version-check", "-j", "1"]
    for pack in PACKS:
        command += ["--config", str(rules / pack)]
    found = reported([*command, "."])["results"]
    return [(each["check_id"].rpartition(".")[2], each["path"], each["start"]["line"]) for each in found]


def bandit(tools: str) -> list[tuple[str, str, int]]:
    command = [f"{tools}bandit", "--quiet", "--format", "json", "--recursive", "education", "clinic_site", "manage.py"]
    found = reported(command)["results"]
    return [(each["test_id"], each["filename"].removeprefix("./"), each["line_number"]) for each in found]


def reported(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if not done.stdout.startswith("{"):
        sys.exit(f"{command[0]} failed:\n{done.stderr}")
    return dict(json.loads(done.stdout))


def is_argued(rule: str, path: str) -> bool:
    places = [place for name, where in ARGUED if name == rule for place in where.split()]
    return any(fnmatch(path, place) for place in places)


def main(rules: str, tools: str = "") -> int:
    folder = f"{tools.rstrip('/')}/" if tools else ""
    found = [*semgrep(Path(rules), folder), *bandit(folder)]
    left = [hit for hit in found if not is_argued(hit[0], hit[1])]
    for rule, path, line in sorted(left):
        print(f"{path}:{line}: {rule}")
    used = {rule for rule, path, _ in found if is_argued(rule, path)}
    for rule in sorted({name for name, _ in ARGUED} - used):
        print(f"README.md argues {rule}, which finds nothing any more.")
    print(f"{len(found)} found, {len(found) - len(left)} of them argued in README.md, {len(left)} left.")
    return int(bool(left))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
