"""Names of static files before and after they are collected."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from clinic_site.static_files import StaticStorage
from education.core.styles import bare

FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]


def storage(folder: Path, manifest: str = "") -> Any:
    if manifest:
        (folder / "staticfiles.json").write_text(manifest)
    with override_settings(STATIC_ROOT=str(folder)):
        return StaticStorage()


def test_plain_names_before_collecting(tmp_path: Path) -> None:
    assert storage(tmp_path).url("css/base.css") == "/static/css/base.css"


def test_hashed_names_after_it_and_a_missing_file_takes_no_page_down(tmp_path: Path) -> None:
    collected = storage(tmp_path, '{"version": "1.1", "paths": {"css/base.css": "css/base.abc.css"}, "hash": ""}')
    assert collected.url("css/base.css") == "/static/css/base.abc.css"
    assert collected.url("img/not-there.png") == "/static/img/not-there.png"


def test_style_sheets_are_collected_without_what_only_their_authors_read(tmp_path: Path) -> None:
    source, collected = tmp_path / "source", tmp_path / "collected"
    (source / "css").mkdir(parents=True)
    (source / "css" / "one.css").write_text("/* Why. */\na { color : red; }\n")
    (source / "css" / "all.css").write_text('/* All. */\n@import "one.css";\n@import "two.css";\n')
    (source / "css" / "two.css").write_text("b { margin: 0 }\n")
    places = {"STATIC_ROOT": str(collected), "STATICFILES_DIRS": [str(source)], "STATICFILES_FINDERS": FINDERS}
    with override_settings(**places):
        call_command("collectstatic", interactive=False, verbosity=0)
    hashed = next((collected / "css").glob("one.*.css"))
    assert hashed.read_text() == "a{color :red}"
    whole = next((collected / "css").glob("all.*.css"))
    assert whole.read_text() == "a{color :red}b{margin:0}", "in one file"


def test_only_what_browsers_request_is_compressed(tmp_path: Path) -> None:
    source, collected = tmp_path / "source", tmp_path / "collected"
    (source / "js").mkdir(parents=True)
    for name in ("picker.js", "picker.min.js", "editor.js", "editor.js.map"):
        (source / "js" / name).write_text(f"/* {name} {'again and ' * 99} */")
    places = {"STATIC_ROOT": str(collected), "STATICFILES_DIRS": [str(source)], "STATICFILES_FINDERS": FINDERS}
    with override_settings(**places):
        call_command("collectstatic", interactive=False, verbosity=0)
    found = {re.sub(r"\.[0-9a-f]{12}\b", "", path.name) for path in (collected / "js").iterdir()}
    assert found >= {"picker.js", "picker.min.js", "editor.js", "editor.js.map"}
    compressed = {"picker.min.js", "editor.js"}
    assert {name for name in found if name.endswith(".br")} == {f"{name}.br" for name in compressed}
    assert {name for name in found if name.endswith(".gz")} == {f"{name}.gz" for name in compressed}


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("a,\nb { margin: 0 1px; }", "a,b{margin:0 1px}"),
        ('a::after { content: " : ; /* kept */ "; }', 'a::after{content:" : ; /* kept */ "}'),
        ('/* "one */ a { b: c; } /* two" */', "a{b:c}"),
        (
            "@media (min-width: 3em) { a b > c:hover { d: calc(1px + 2px); } }",
            "@media (min-width:3em){a b > c:hover{d:calc(1px + 2px)}}",
        ),
    ],
)
def test_bare_styles_say_the_same(written: str, sent: str) -> None:
    assert bare(written) == sent


def test_a_rule_with_has_shares_its_selectors_with_no_other() -> None:
    """A browser that does not know :has() drops the whole rule: what it was to hide would be read beside the rest."""
    rules = {
        f"{file.name}: {selectors.strip()}"
        for file in Path(settings.BASE_DIR, "static/css").glob("*.css")
        for selectors in re.findall(r"([^{};/]+){", bare(file.read_text()))
        if ":has(" in selectors
    }
    assert any("if-yours" in rule for rule in rules)
    assert [rule for rule in rules if not all(":has(" in one for one in re.split(r",(?![^(]*\))", rule))] == []
