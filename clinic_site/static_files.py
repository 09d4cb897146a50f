"""Names of static files: hashed once they are collected, plain before that, so that a plain `runserver` just works."""

from collections.abc import Iterable, Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Asked for by plain names as well: by the page for a fault, and by editions, which keep the names they came with.
ALSO_PLAIN = ("css/", "drawings/")


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    def stored_name(self, name: str) -> str:
        """A file that was not collected keeps its plain name: one missing picture must not take a page down."""
        return str(self.hashed_files.get(self.hash_key(self.clean_name(name)), name))

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Only those that browsers ask for: half the work of a first start."""
        asked_for = set(self.hashed_files.values())
        yield from super().compress_files([p for p in paths if p in asked_for or p.startswith(ALSO_PLAIN)])
