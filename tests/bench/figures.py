"""What was measured: one row for each figure, printed at once, written as JSON and as BENCHMARKS.md."""

import json
import os
import platform
import re
import statistics
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

LOAD_AT_START = os.getloadavg()[0]
TABLE_HEAD = ("| figure | median | range | target | target met |", "|---|---|---|---|---|")


class Refused(Exception):
    """There is no figure, because a run had errors or a tool is missing. The message says which."""


@dataclass(frozen=True)
class Row:
    """One figure. `most` or `least` is its target, the largest or smallest value that is acceptable."""

    part: str  # the section's name on the command line
    section: str  # the section's heading
    name: str
    value: float | None
    unit: str
    rounds: list[float] = field(default_factory=list)  # `value` is their median
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def target(self) -> str:
        if self.most is not None:
            return f"≤ {self.most:g}"
        return f"≥ {self.least:g}" if self.least is not None else ""

    @property
    def target_met(self) -> str:
        if self.value is None:
            return "no figure"
        if not self.target:
            return ""
        met = self.value <= self.most if self.most is not None else self.value >= (self.least or 0)
        return "yes" if met else "NO"

    @property
    def shown(self) -> str:
        if self.value is None:
            return "–"
        digits = 0 if self.value >= 1000 or self.value == int(self.value) else 1 if self.value >= 100 else 3
        return f"{self.value:,.{digits}f} {self.unit}".strip()


@dataclass
class Report:
    rows: list[Row] = field(default_factory=list)
    part: str = ""
    section: str = ""

    def begin(self, section: str) -> None:
        self.section = section
        print(f"\n{section}", flush=True)

    def add(
        self,
        name: str,
        rounds: float | list[float],
        unit: str = "",
        *,
        most: float | None = None,
        least: float | None = None,
        note: str = "",
    ) -> float:
        """Add a row whose value is the median of the rounds; returns it."""
        all_rounds = rounds if isinstance(rounds, list) else [rounds]
        value = statistics.median(all_rounds)
        self._keep(Row(self.part, self.section, name, value, unit, all_rounds, most, least, note))
        return value

    def refuse(self, name: str, why: str) -> None:
        self._keep(Row(self.part, self.section, name, None, "", note=why))

    def _keep(self, row: Row) -> None:
        self.rows.append(row)
        print(f"  {row.name:<66}{row.shown:>14}  {row.target:<8}{row.target_met:<10}{row.note}", flush=True)

    @property
    def targets_met(self) -> bool:
        return all(row.target_met in ("", "yes") for row in self.rows)

    def add_unmeasured(self, file: Path) -> None:
        """Add the rows of sections that were not measured this time, as they were last written."""
        if not file.exists():
            return
        measured = {row.part for row in self.rows}
        before = [Row(**row) for row in json.loads(file.read_text(encoding="utf-8"))["rows"]]
        self.rows = [row for row in before if row.part not in measured] + self.rows

    def write_json(self, file: Path) -> None:
        facts = {"machine": machine(), "day": date.today().isoformat(), "rows": [asdict(row) for row in self.rows]}
        file.write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def write_markdown(self, file: Path) -> None:
        facts = machine()
        lines = [
            "# Benchmarks",
            "",
            "Written by `make bench`; [tests/bench](tests/bench/README.md) says what each figure means.",
            "Ratios can be compared between machines, milliseconds can not.",
            "",
            f"{date.today():%-d %B %Y}. " + ", ".join(f"{name}: {value}" for name, value in facts.items()) + ".",
        ]
        for section in dict.fromkeys(row.section for row in self.rows):
            lines += ["", f"## {section}", "", *TABLE_HEAD]
            lines += [_line(row) for row in self.rows if row.section == section]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _line(row: Row) -> str:
    spread = f"{min(row.rounds):.3g} – {max(row.rounds):.3g}" if len(row.rounds) > 1 else ""
    name = f"{row.name}: {row.note}" if row.note else row.name
    return f"| {name} | {row.shown} | {spread} | {row.target} | {row.target_met} |"


def machine() -> dict[str, str]:
    cpu = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.M)
    memory = re.search(r"^MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text(), re.M)
    return {
        "cores": str(os.cpu_count()),
        "memory": f"{int(memory[1]) / 2**20:.0f} GB" if memory else "unknown",
        "processor": cpu[1] if cpu else platform.machine(),
        "Python": platform.python_version(),
        "load at the start": f"{LOAD_AT_START:.1f}",
    }
