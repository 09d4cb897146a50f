"""Media in a bucket that speaks S3. Only the site asks it: pictures stay at the site's own address, under /media/, and
a page leads no browser elsewhere.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

CONFIG = Config(
    connect_timeout=3, read_timeout=10, retries={"max_attempts": 1}, signature_version="s3v4",
    s3={"addressing_style": "path"},
    # Checksums are newer than this signature, and not every server knows them.
    request_checksum_calculation="when_required", response_checksum_validation="when_required",
)  # fmt: skip
NOT_THERE = ("404", "NoSuchKey")


class BucketAway(OSError):
    """It did not answer, or refused. The message names the kind of error."""


@contextmanager
def _as_file_errors() -> Iterator[None]:
    """In this block, the bucket's errors are raised as those that a folder would raise."""
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        raise FileNotFoundError(code) if code in NOT_THERE else BucketAway(code) from error
    except BotoCoreError as error:
        raise BucketAway(type(error).__name__) from error


def _like_a_folder(name: str) -> Callable[..., Any]:
    inherited = getattr(S3Storage, name)

    @wraps(inherited)
    def method(*args: Any, **kwargs: Any) -> Any:
        with _as_file_errors():
            return inherited(*args, **kwargs)

    return method


class BucketStorage(S3Storage):  # type: ignore[misc]  # ships no types
    _save, delete, exists, listdir, size = map(_like_a_folder, ("_save", "delete", "exists", "listdir", "size"))

    def get_default_settings(self) -> dict[str, Any]:
        inherited: dict[str, Any] = super().get_default_settings()
        return inherited | {"client_config": CONFIG}

    def _open(self, name: str, mode: str = "rb") -> ContentFile[bytes]:
        """Read at once, in one question: pictures are small."""
        with _as_file_errors():
            stored = self.bucket.Object(self._normalize_name(clean_name(name))).get()
            return ContentFile(stored["Body"].read(), name)

    def trouble(self) -> str:
        """Why the bucket can't be used; empty when it answers."""
        try:
            with _as_file_errors():
                self.connection.meta.client.head_bucket(Bucket=self.bucket_name)
        except OSError as error:
            return str(error)
        return ""
