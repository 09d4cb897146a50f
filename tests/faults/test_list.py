"""README.md lists every attack once, and SECURITY.md every thief, with tests that exist."""

import ast
import re
from pathlib import Path

from tests.server import ROOT

ROW = re.compile(r"^\| (T\d\d)(?: [RL])? \| ([^|]+) \| ([^|]+) \| (trial|production|both|–) \| ([^|]+) \|$", re.M)
TABLE = ROW.findall(Path(__file__).with_name("README.md").read_text())
SECURITY = (ROOT / "SECURITY.md").read_text()
THIEVES = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", SECURITY.partition("## What patients read")[0], re.M)[2:]


def named_in(cell: str) -> list[tuple[str, str]]:
    return re.findall(r"`([\w/.]+)::(\w+)`", cell)


def functions(file: str) -> set[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_each_attack_is_listed_once() -> None:
    assert [number for number, *_ in TABLE] == [f"T{number:02}" for number in range(1, 68)]


def test_each_test_that_is_listed_exists() -> None:
    named = {pair for *_, cell in TABLE for pair in named_in(cell)}
    assert {pair for pair in named if pair[1] not in functions(pair[0])} == set()


def test_whatever_has_no_test_is_outside_the_suite_or_somebody_elses() -> None:
    bare = {number: cell for number, *_, mode, cell in TABLE if not named_in(cell)}
    assert [number for number, cell in bare.items() if not re.search(r"outside the suite|\(see \w+\)", cell)] == []


def test_each_row_of_the_security_policy_names_its_tests() -> None:
    assert len(THIEVES) > 10
    assert [who for who, _, cell in THIEVES if not named_in(cell)] == []
    assert {pair for pair in named_in(SECURITY) if pair[1] not in functions(pair[0])} == set()


def test_the_table_of_the_asvs_has_each_requirement_of_levels_1_and_2_once() -> None:
    """And says of each how it stands. Which tests it names exist, the test above knows."""
    table = SECURITY.partition("## OWASP ASVS")[2].partition("## Packages")[0]
    rows = re.findall(r"^\| ([\d. *]+) \| ([^|]+) \| ([^|]+) \|$", table, re.M)
    numbers = [number for ids, *_ in rows for number in ids.split()]
    assert len(numbers) == len(set(numbers))
    chapters = {"10.*": 29, "17.*": 7}
    assert sum(chapters.get(number, 1) for number in numbers) == 253
    assert all(re.match(r"met|in part|argued|by design|not here|not used", cell) for *_, cell in rows)
