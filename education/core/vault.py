"""The recovery key, and files that only its holder can open. The private half is printed once and stored nowhere.

A sealed file is a header (format, key id, the file's own key under HPKE) and chunks under AES-256-GCM. The nonce counts
the chunks and marks the last one, so that a file that was cut, reordered or changed in one bit does not open.
"""

import base64
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from education.core.disk import replace_file
from education.core.sealing import SUITE, KeyMissing, SealError

FORMAT = b"clinic backup 1\n"
INFO = b"clinic backup file key\n"
CHUNK_BYTES = 1 << 20
ID_BYTES, WRAPPED_BYTES, LENGTH_BYTES = 8, 80, 4
PUBLIC_PREFIX, CONFIRMED = "recovery_public_", "recovery_confirmed"
TO_PRINTED = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")  # no I, L, O, U
LOOK_ALIKES = str.maketrans("OIL", "011")
CHECK_BYTES = 3


def make_recovery_key(folder: Path) -> str:
    """Make a new pair, which replaces an older one. The public half is stored; returns the private half, printable."""
    private = X25519PrivateKey.generate()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in [*folder.glob(f"{PUBLIC_PREFIX}*"), *folder.glob(CONFIRMED)]:
        old.unlink()
    public = private.public_key()
    (folder / f"{PUBLIC_PREFIX}{_key_id(public).hex()}").write_bytes(public.public_bytes_raw())
    return printed(private)


def recovery_key_id(folder: Path) -> str:
    """The id of the recovery key; empty when there is none."""
    return next((path.name.removeprefix(PUBLIC_PREFIX) for path in sorted(folder.glob(f"{PUBLIC_PREFIX}*"))), "")


def confirm(folder: Path, typed: str) -> str:
    """Note that the holder has typed the private half. Returns the key's id; raises SealError for another key's."""
    key_id = _key_id(read_printed(typed).public_key()).hex()
    if key_id != recovery_key_id(folder):
        raise SealError("This is a recovery key, but not of this installation.")
    replace_file(folder / CONFIRMED, f"{key_id}\n".encode())
    return key_id


def is_confirmed(folder: Path) -> bool:
    path = folder / CONFIRMED
    return path.is_file() and path.read_text().strip() == recovery_key_id(folder) != ""


def printed(key: X25519PrivateKey) -> str:
    """The private half in groups of four characters with a checksum: to be written on paper and typed again."""
    raw = key.private_bytes_raw()
    text = base64.b32encode(raw + _check(raw)).decode().rstrip("=").translate(TO_PRINTED)
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def read_printed(typed: str) -> X25519PrivateKey:
    """The key that `printed` wrote, with look-alike characters corrected. Raises SealError for a typing error."""
    text = "".join(character for character in typed.upper() if character.isalnum()).translate(LOOK_ALIKES)
    try:
        encoded = text.translate({new: old for old, new in TO_PRINTED.items()})
        raw = base64.b32decode(encoded + "=" * (-len(encoded) % 8))
    except ValueError:
        raw = b""
    key, check = raw[:-CHECK_BYTES], raw[-CHECK_BYTES:]
    if len(key) != 32 or _check(key) != check:
        raise SealError("This is not a recovery key: a character is missing or mistyped.")
    return X25519PrivateKey.from_private_bytes(key)


def keep(folder: Path, name: str, content: bytes) -> None:
    """Seal some bytes into a file of this name. Raises KeyMissing without a recovery key."""
    draft = folder / f".{name}.part"
    with draft.open("wb") as file, SealedFile(file, folder) as sealed:
        draft.chmod(0o600)
        sealed.write(content)
    draft.replace(folder / name)


def read_kept(path: Path, typed: str) -> bytes:
    """What `keep` wrote. Raises SealError for a typing error, for another recovery key, and for a changed file."""
    key = read_printed(typed)
    with path.open("rb") as file:
        try:
            return OpenedFile(file, key).read()
        except SealError:
            raise SealError(f"{path.name} does not open with this recovery key. Was there an older one?") from None


class SealedFile:
    """A file to write to. What reaches the disk opens with the recovery key only. Raises KeyMissing without one."""

    def __init__(self, target: IO[bytes], folder: Path) -> None:
        key_id = recovery_key_id(folder)
        if not key_id:
            raise KeyMissing("There is no recovery key. Run: manage.py seal_keys recovery")
        public = X25519PublicKey.from_public_bytes((folder / f"{PUBLIC_PREFIX}{key_id}").read_bytes())
        file_key = secrets.token_bytes(32)
        self.header = FORMAT + _key_id(public) + SUITE.encrypt(file_key, public, info=INFO)
        self.cipher, self.target, self.count, self.buffer = AESGCM(file_key), target, 0, b""
        target.write(self.header)

    def write(self, content: bytes) -> int:
        self.buffer += content
        while len(self.buffer) > CHUNK_BYTES:
            self._chunk(self.buffer[:CHUNK_BYTES], last=False)
            self.buffer = self.buffer[CHUNK_BYTES:]
        return len(content)

    def _chunk(self, content: bytes, *, last: bool) -> None:
        sealed = self.cipher.encrypt(_nonce(self.count, last), content, self.header)
        self.target.write(len(sealed).to_bytes(LENGTH_BYTES, "big") + sealed)
        self.count += 1

    def __enter__(self) -> "SealedFile":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if not kind:
            self._chunk(self.buffer, last=True)
            self.target.flush()
            os.fsync(self.target.fileno())


class OpenedFile:
    """Reads what SealedFile wrote. Raises SealError for a chunk with a changed byte, before any of it is returned."""

    def __init__(self, source: IO[bytes], key: X25519PrivateKey) -> None:
        self.header = source.read(len(FORMAT) + ID_BYTES + WRAPPED_BYTES)
        if not self.header.startswith(FORMAT):
            raise SealError("This file is not a backup of this site.")
        if self.header[len(FORMAT) : len(FORMAT) + ID_BYTES] != _key_id(key.public_key()):
            raise SealError("This backup belongs to another recovery key.")
        try:
            self.cipher = AESGCM(SUITE.decrypt(self.header[len(FORMAT) + ID_BYTES :], key, info=INFO))
        except (InvalidTag, ValueError):
            raise SealError(CHANGED) from None
        self.chunks, self.buffer = self._chunks(source), b""

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self.buffer) < size:
            chunk = next(self.chunks, None)
            if chunk is None:
                break
            self.buffer += chunk
        size = len(self.buffer) if size < 0 else size
        content, self.buffer = self.buffer[:size], self.buffer[size:]
        return content

    def _chunks(self, source: IO[bytes]) -> Iterator[bytes]:
        count, sealed = 0, _next_chunk(source)
        while sealed is not None:
            following = _next_chunk(source)
            try:
                yield self.cipher.decrypt(_nonce(count, following is None), sealed, self.header)
            except InvalidTag:
                raise SealError(CHANGED) from None
            count, sealed = count + 1, following
        if not count:
            raise SealError(CHANGED)


CHANGED = "This backup was changed or is not whole. Use another one."


def _next_chunk(source: IO[bytes]) -> bytes | None:
    length = int.from_bytes(source.read(LENGTH_BYTES), "big")
    if not length:
        return None
    if length > CHUNK_BYTES + 16:
        raise SealError(CHANGED)
    return source.read(length)


def _nonce(count: int, last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([last])


def _key_id(key: X25519PublicKey) -> bytes:
    return hashlib.sha256(key.public_bytes_raw()).digest()[:ID_BYTES]


def _check(raw: bytes) -> bytes:
    return hashlib.sha256(b"recovery key\n" + raw).digest()[:CHECK_BYTES]
