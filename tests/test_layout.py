"""The bones stay what the design says: sizes, places, and who alone may do what."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FIXED = {"manage.py", "clinic_site", "education", "templates", "static", "requirements.txt", "README.md", "tests"}
USUAL = {"Makefile", "Procfile", "pyproject.toml", "Dockerfile", "compose.yml", "LICENSE"}
PINNED = {
    f"requirements{part}.{kind}"
    for part in ("", "-dev", "-postgres", "-release", "-s3", "-scale")
    for kind in ("in", "txt")
}
SAID = {"STAFF.md", "CHANGELOG.md", "SECURITY.md", "CONTRIBUTING.md", "BENCHMARKS.md", "DECISIONS.md"}
NOT_KEPT = {"var", "dist", "__pycache__"}  # made by running; .gitignore names them
SOURCES = sorted(
    path
    for top in ("clinic_site", "education", "tests")
    for path in (ROOT / top).rglob("*.py")
    if "migrations" not in path.parts
)
OURS = [path for path in SOURCES if "tests" not in path.relative_to(ROOT).parts]
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())
COMMANDS = [path for path in OURS if path.parent.name == "commands" and path.name != "__init__.py"]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def text_lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def lines(path: Path) -> int:
    return len(text_lines(path))


@dataclass(frozen=True)
class Outline:
    """Of one file. Its syntax is read once for all tests, and not kept: it takes a hundred times the file's memory."""

    docstring: str | None
    sizes: list[tuple[str, int]]  # the functions with their lines
    late_imports: set[int]  # the lines on which something is imported inside a function


@cache
def outline(path: Path) -> Outline:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in statements(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = (node for function in functions for node in statements(function))
    return Outline(
        ast.get_docstring(tree),
        [(node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for node in functions],
        {node.lineno for node in inside if isinstance(node, ast.Import | ast.ImportFrom)},
    )


def statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """Those inside it, however deep. What they consist of is left out, which is most of a file."""
    for name in ("body", "handlers", "orelse", "finalbody", "cases"):
        for node in getattr(tree, name, ()):
            if isinstance(node, ast.stmt):
                yield node
            yield from statements(node)


def holding(paths: list[Path], pattern: str) -> list[str]:
    """The lines among these files in which the pattern is found, as file:line."""
    found = re.compile(pattern, re.IGNORECASE)
    return [
        f"{name(path)}:{number}"
        for path in paths
        for number, line in enumerate(text_lines(path), start=1)
        if found.search(line)
    ]


def test_the_top_of_the_repository_holds_what_the_design_names() -> None:
    here = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert here - NOT_KEPT <= FIXED | USUAL | PINNED | SAID
    assert here >= FIXED


def test_a_file_has_four_hundred_lines_at_most() -> None:
    assert [name(path) for path in SOURCES if lines(path) > 400] == []


def test_a_function_has_forty_lines_at_most() -> None:
    sizes = [(f"{name(path)}: {function}", size) for path in SOURCES for function, size in outline(path).sizes]
    assert [(where, size) for where, size in sizes if size > 40] == []


def test_a_folder_has_twelve_modules_at_most() -> None:
    modules = Counter(path.parent for path in OURS if path.name != "__init__.py" and path not in COMMANDS)
    assert {name(folder): size for folder, size in modules.items() if size > 12} == {}


def test_every_package_says_what_it_holds() -> None:
    packages = [path for path in OURS if path.name == "__init__.py"]
    assert packages
    assert [name(path) for path in packages if not outline(path).docstring] == []


def test_nothing_is_imported_inside_a_function() -> None:
    """An import that has to wait for a call hides a circle. `bootstrap.py` imports what is not installed yet."""
    files = [path for path in OURS if path.name != "bootstrap.py"]
    assert [f"{name(path)}:{line}" for path in files for line in outline(path).late_imports] == []


def test_a_template_has_a_hundred_and_twenty_lines_at_most() -> None:
    assert [name(path) for path in TEMPLATES if lines(path) > 120] == []


def test_a_command_has_fewer_than_forty_lines() -> None:
    assert COMMANDS
    assert [name(path) for path in COMMANDS if lines(path) >= 40] == []


@pytest.mark.parametrize("pattern", [r"\|\s*safe\b", r"\bmark_safe\b", r"\bSafeString\(", r"autoescape off"])
def test_only_one_place_marks_html_safe(pattern: str) -> None:
    found = holding(OURS + TEMPLATES, pattern)
    assert [where for where in found if not where.startswith("education/core/html.py:")] == []


def test_the_one_place_is_there() -> None:
    """So the test above is known to look at the right files."""
    assert holding(OURS, r"\bmark_safe\(") == [
        where for where in holding(OURS, r"\bmark_safe\(") if "core/html.py" in where
    ]
    assert holding(OURS, r"\bmark_safe\(")


@pytest.mark.parametrize(
    "pattern",
    [
        r"<[^>]*\sstyle\s*=",
        r"<[^>]*\son[a-z]+\s*=",
        r"<script(?![^>]*\b(?:src=|type=\"application/json\"))",
        r"javascript:",
        r"<style",
    ],
)
def test_no_template_has_inline_styles_handlers_or_scripts(pattern: str) -> None:
    assert holding([path for path in TEMPLATES if path.suffix in (".html", ".xml")], pattern) == []


def test_no_template_loads_anything_from_elsewhere() -> None:
    assert (
        holding(TEMPLATES, r"<(?:link|script|img|iframe|source)\b[^>]*(?:src|href|srcset)=[\"']?(?:https?:)?//") == []
    )


def test_mail_is_sent_by_the_outbox_only() -> None:
    found = holding(OURS, r"\bsend_mail\(|\bEmailMessage\(|\bEmailMultiAlternatives\(|\.email_user\(|\bmail_admins\(")
    assert [where for where in found if not where.startswith("education/outbox/")] == []
    assert found


def test_environment_variables_are_read_in_the_settings_only() -> None:
    readers = ("settings.py", "gunicorn.conf.py", "bootstrap.py", "supervisor.py", "env.py")
    allowed = tuple(f"clinic_site/{reader}" for reader in readers)
    found = holding(OURS, r"\bos\.environ\b|\bgetenv\(")
    assert [where for where in found if not where.startswith(allowed) and "setdefault" not in line_of(where)] == []


def line_of(where: str) -> str:
    path, number = where.split(":")
    return text_lines(ROOT / path)[int(number) - 1]


def test_no_signals_carry_our_own_flow() -> None:
    assert holding(OURS, r"@receiver\b|\bpost_save\b|\bpre_save\b|\bpost_delete\b") == []


def test_each_form_names_the_address_to_which_it_is_posted() -> None:
    """Without one it is posted to the page's own, with the #place to which a link led. If it is refused, the browser
    stays at that place, and the list of errors never has the focus.
    """
    assert not holding(TEMPLATES, r'<form(?=[^>]*method="post")(?![^>]*\baction=)')
