"""Names of static files: hashed once they are collected, plain before that, so that a plain `runserver` just works."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    def stored_name(self, name: str) -> str:
        """A file that was not collected keeps its plain name: one missing picture must not take a page down."""
        return str(self.hashed_files.get(self.hash_key(self.clean_name(name)), name))
