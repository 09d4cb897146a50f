"""Names of static files: hashed once they are collected, plain before that, so that `runserver` works at once."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile, File
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

from education.core.styles import bare

MOST_NAMES = 2000  # of files whose addresses are remembered
# Also requested by their plain names: by error pages, and by editions, which keep the names they were issued with.
ALSO_PLAIN = ("css/", "drawings/")
STYLES = "css/"  # those of this site
IMPORT = re.compile(r'@import "([\w-]+\.css)";')


@dataclass
class BareStyles:
    """A folder of style sheets as browsers get them: without comments, and with each imported sheet in place of its
    `@import`. One file is smaller than several, and comes in one request.
    """

    folder: Any

    def open(self, path: str) -> File[Any]:
        return ContentFile(bare(self._whole(path)).encode(), name=path)

    def _whole(self, path: str) -> str:
        with self.folder.open(path) as file:
            text = file.read().decode()
        return IMPORT.sub(lambda found: self._whole(f"{STYLES}{found[1]}"), text)


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    @cached_property
    def _address(self) -> Callable[[str], str]:
        return lru_cache(MOST_NAMES)(super().url)

    def url(self, name: str, force: bool = False) -> str:
        """Remembered: a staff page names a hundred files, and their addresses never change while the site runs."""
        return super().url(name, force) if force else self._address(name)

    def stored_name(self, name: str) -> str:
        """A file that was not collected keeps its plain name: a missing picture must not break a whole page."""
        return str(self.hashed_files.get(self.hash_key(self.clean_name(name)), name))

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        told = {
            name: (BareStyles(folder) if name.startswith(STYLES) else folder, path)
            for name, (folder, path) in paths.items()
        }
        yield from super().post_process(told, dry_run=dry_run, **options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Only files that browsers request: a first start would take much longer."""
        requested = self._requested()
        yield from super().compress_files([p for p in paths if p in requested or p.startswith(ALSO_PLAIN)])

    def _requested(self) -> set[str]:
        """By their hashed names: not the maps that a debugger reads, nor what lies there in a shorter form as well."""
        names = self.hashed_files
        longer = {name.replace(".min.", ".") for name in names if ".min." in name}
        return {hashed for name, hashed in names.items() if name not in longer and not name.endswith(".map")}


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Serves what was collected, but not the list of it, which names the packages that files came from."""

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        if Path(path).name != StaticStorage.manifest_name:
            super().add_file_to_dictionary(url, path, stat_cache=stat_cache)
