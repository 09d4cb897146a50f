"""What was measured: one row a figure, printed as it comes, written as JSON and as BENCHMARKS.md."""

import json
import os
import platform
import re
import statistics
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path


class Refused(Exception):
    """There is no figure: a run had errors, or a tool is missing. The message says which."""


@dataclass(frozen=True)
class Row:
    """`most` or `least` is what the project asks of the figure."""

    part: str  # of `make bench`, as the command names it
    section: str
    name: str
    value: float | None
    unit: str
    rounds: list[float] = field(default_factory=list)
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def bar(self) -> str:
        if self.most is not None:
            return f"≤ {self.most:g}"
        return f"≥ {self.least:g}" if self.least is not None else ""

    @property
    def verdict(self) -> str:
        if self.value is None:
            return "no figure"
        if not self.bar:
            return ""
        held = self.value <= self.most if self.most is not None else self.value >= (self.least or 0)
        return "yes" if held else "NO"

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
        """The median of the rounds counts."""
        all_rounds = rounds if isinstance(rounds, list) else [rounds]
        value = statistics.median(all_rounds)
        self._keep(Row(self.part, self.section, name, value, unit, all_rounds, most, least, note))
        return value

    def refuse(self, name: str, why: str) -> None:
        self._keep(Row(self.part, self.section, name, None, "", note=why))

    def _keep(self, row: Row) -> None:
        self.rows.append(row)
        print(f"  {row.name:<66}{row.shown:>14}  {row.bar:<8}{row.verdict:<10}{row.note}", flush=True)

    @property
    def held(self) -> bool:
        return all(row.verdict in ("", "yes") for row in self.rows)

    def add_others(self, file: Path) -> None:
        """The rows of the parts that were not measured this time, as they were last written."""
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
            "Written by `make bench`; what each figure means is in [tests/bench](tests/bench/README.md).",
            "Ratios hold from machine to machine, milliseconds do not.",
            "",
            f"{date.today():%-d %B %Y}. " + ", ".join(f"{name}: {value}" for name, value in facts.items()) + ".",
        ]
        for section in dict.fromkeys(row.section for row in self.rows):
            lines += ["", f"## {section}", "", "| figure | median | rounds | asked | held |", "|---|---|---|---|---|"]
            lines += [_line(row) for row in self.rows if row.section == section]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _line(row: Row) -> str:
    spread = f"{min(row.rounds):.3g} – {max(row.rounds):.3g}" if len(row.rounds) > 1 else ""
    name = f"{row.name}: {row.note}" if row.note else row.name
    return f"| {name} | {row.shown} | {spread} | {row.bar} | {row.verdict} |"


def machine() -> dict[str, str]:
    cpu = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.M)
    memory = re.search(r"^MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text(), re.M)
    return {
        "cores": str(os.cpu_count()),
        "memory": f"{int(memory[1]) / 2**20:.0f} GB" if memory else "not known",
        "processor": cpu[1] if cpu else platform.machine(),
        "Python": platform.python_version(),
        "load when it began": f"{BEGAN:.1f}",
    }


BEGAN = os.getloadavg()[0]
