"""`make bench`: measures every figure that the project promises, on this machine. README.md explains each."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import editing, freshness, growth, painting, reading, requests, resilience, start, weight, writing
from tests.bench.figures import Report
from tests.server import ROOT, Launcher

Section = Callable[[Report, Launcher, Path], None]


def reading_section(report: Report, launch: Launcher, data_dir: Path) -> None:
    reading.show(report, launch, data_dir, launch.folder)


SECTIONS: dict[str, Section] = {
    "start": start.show,
    "article": reading_section,
    "rendered": reading.show_rendered,
    "alternatives": reading.show_alternatives,
    "weight": weight.show,
    "painting": painting.show,
    "freshness": freshness.show,
    "resilience": resilience.show,
    "growth": growth.show,
    "editing": editing.show,
    "writing": writing.show,
    "requests": requests.show,
}


def bench(names: list[str], folder: Path) -> Report:
    report = Report()
    first = Launcher(folder)
    ready = start.prepared(first, folder / "prepared")
    for name in names:
        own = folder / name
        own.mkdir()
        launch = Launcher(own)
        report.part = name
        try:
            SECTIONS[name](report, launch, Path(shutil.copytree(ready, own / "data")))
        except Exception as refusal:  # the other sections still have figures
            report.refuse(name, " ".join(f"{type(refusal).__name__}: {refusal}".split())[-300:])
        finally:
            launch.end_all()
            shutil.rmtree(own)
    return report


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"one of {', '.join(SECTIONS)}; default: all")
    parser.add_argument(
        "--json",
        type=Path,
        default=ROOT / ".venv" / "bench.json",
        help="where to write the figures; those of other sections are kept",
    )
    parser.add_argument("--record", action="store_true", help="write BENCHMARKS.md")
    given = parser.parse_args()
    unknown = set(given.sections) - SECTIONS.keys()
    if unknown:
        parser.error(f"There is no section {', '.join(sorted(unknown))}. There are: {', '.join(SECTIONS)}.")
    with tempfile.TemporaryDirectory() as temporary:
        report = bench(given.sections or list(SECTIONS), Path(temporary))
    targets_met = report.targets_met
    if given.sections:
        report.add_unmeasured(given.json)
    report.rows.sort(key=lambda row: list(SECTIONS).index(row.part))
    report.write_json(given.json)
    if given.record:
        report.write_markdown(ROOT / "BENCHMARKS.md")
    print(f"\nThe figures are in {given.json}.")
    sys.exit(0 if targets_met else 1)


if __name__ == "__main__":
    main()
