"""The last good pages on disk: kept, found again, and deleted with what is below them."""

from pathlib import Path
from typing import Any

import pytest

from clinic_site.edge.page_cache import disk
from clinic_site.edge.page_cache.disk import DiskCache
from tests.clinic_site.edge.page_cache.test_memory import page

PATHS = ("/", "/lupus/", "/lupus/history/", "/lupus/history/2/", "/lupus-and-work/", "/a-z/lupus/", "/lupus")


@pytest.fixture
def kept(tmp_path: Path) -> DiskCache:
    cache = DiskCache(tmp_path / "pages", "this release")
    for path in PATHS:
        cache.save(page(path))
    return cache


def there(cache: DiskCache) -> list[str]:
    return [path for path in PATHS if (found := cache.load(path, epoch=0)) and found.path == path]


def test_each_page_is_found_again_under_its_own_address(kept: DiskCache) -> None:
    assert there(kept) == list(PATHS)


def test_a_page_is_deleted_with_those_below_it_and_no_other_is_read(
    kept: DiskCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(file: Path) -> Any:
        raise AssertionError(f"{file} was read")

    with monkeypatch.context() as patch:
        patch.setattr(disk, "_facts_in", refuse)
        patch.setattr(Path, "read_bytes", refuse)
        kept.delete_tree("/lupus/")
    assert there(kept) == ["/", "/lupus-and-work/", "/a-z/lupus/", "/lupus"]


@pytest.mark.parametrize(
    ("path", "gone"), [("/", ["/"]), ("/nowhere/", []), ("/lupus/history/2/", ["/lupus/history/2/"])]
)
def test_nothing_beside_a_page_is_deleted_with_it(kept: DiskCache, path: str, gone: list[str]) -> None:
    kept.delete_tree(path)
    assert there(kept) == [path for path in PATHS if path not in gone]


def test_a_page_may_be_deleted_alone_and_saved_again(kept: DiskCache) -> None:
    kept.delete("/lupus/")
    assert "/lupus/" not in there(kept)
    assert "/lupus/history/" in there(kept)
    kept.delete_tree("/lupus/")
    kept.save(page("/lupus/"))
    assert there(kept) == ["/", "/lupus/", "/lupus-and-work/", "/a-z/lupus/", "/lupus"]


def test_pages_that_an_earlier_release_kept_are_deleted_and_nothing_else(kept: DiskCache) -> None:
    old = kept.folder / ("0123456789abcdef" * 2)
    old.write_text("A page that may have been withdrawn since")
    cache = DiskCache(kept.folder, "a later release")
    assert not old.exists()
    assert [path for path in PATHS if cache.load(path, epoch=0, any_release=True)] == list(PATHS)


def test_before_any_page_is_kept_there_is_nothing_to_delete(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path / "pages", "this release")
    cache.delete("/lupus/")
    cache.delete_tree("/lupus/")
    assert list(tmp_path.iterdir()) == []
