"""A bucket as a second place for backups: Amazon's S3, or what speaks its language. Keys and region come from AWS's own
variables, which its library reads. Loaded where a bucket is set: others need not have the library.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.utils.timezone import get_current_timezone

from education.health import backups
from education.health.copies.places import Held, PlaceRefused, digest_of

DATED = re.compile(r"clinic-(\d{8}-\d{4})")
AT_ONCE = 2  # parts of one file under way: they are held in memory


class Bucket:
    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.address, self.name = address, parts.netloc
        self.folder = f"{parts.path.strip('/')}/".lstrip("/")
        waits = Config(connect_timeout=10, read_timeout=60, retries={"total_max_attempts": 3})
        self.client = boto3.client("s3", config=waits)

    def require_there(self) -> None:
        with self._explained():
            self.client.head_bucket(Bucket=self.name)

    def held(self) -> dict[str, Held]:
        with self._explained():
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=self.folder)
            found = {item["Key"].removeprefix(self.folder): item for page in pages for item in page.get("Contents", [])}
        return {
            name: Held(item["Size"], _made(name, item["LastModified"]))
            for name, item in found.items()
            if fnmatch(name, backups.PATTERN)
        }

    def put(self, source: Path) -> None:
        """The bucket compares the checksum of each part with what came in, and keeps nothing that differs."""
        more = {"ChecksumAlgorithm": "SHA256", "Metadata": {"sha256": digest_of(source)}}
        few = TransferConfig(max_concurrency=AT_ONCE)
        with self._explained():
            self.client.upload_file(str(source), self.name, self.folder + source.name, ExtraArgs=more, Config=few)
            if self._head(source.name)["ContentLength"] != source.stat().st_size:
                raise PlaceRefused(f"{self.address} has another length of {source.name} than was sent.")

    def differs(self, source: Path) -> bool:
        with self._explained():
            try:
                return bool(self._head(source.name)["Metadata"].get("sha256") != digest_of(source))
            except ClientError as error:
                if error.response["Error"]["Code"] in ("404", "NoSuchKey"):
                    return True
                raise

    def delete(self, name: str) -> None:
        with self._explained():
            self.client.delete_object(Bucket=self.name, Key=self.folder + name)

    def explain(self, error: OSError) -> str:
        return f"{self.address} does not answer ({error.strerror or type(error).__name__})."

    def _head(self, name: str) -> dict[str, Any]:
        return dict(self.client.head_object(Bucket=self.name, Key=self.folder + name))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            code = error.response["Error"]["Code"]
            raise PlaceRefused(
                f"{self.address} refuses ({code}). See that the bucket is there and what its key may do."
            ) from None
        except (BotoCoreError, boto3.exceptions.Boto3Error) as error:
            words = "See to the network, AWS_ACCESS_KEY_ID and AWS_ENDPOINT_URL_S3."
            raise PlaceRefused(f"{self.address} can't be reached ({type(error).__name__}). {words}") from None


def _made(name: str, stored: datetime) -> float:
    """When the backup was made, by its name: the bucket knows only when it came there, which may be later."""
    dated = DATED.match(name)
    try:
        made = datetime.strptime(dated[1] if dated else "", "%Y%m%d-%H%M").replace(tzinfo=get_current_timezone())
    except ValueError:
        made = stored
    return made.timestamp()
