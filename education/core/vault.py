"""The recovery key, and files that only its holder can open. The private half is printed once and stored nowhere.

A sealed file is a header (format, key id, the file's own key under HPKE) and chunks under AES-256-GCM. The nonce counts
the chunks and marks the last one, so that a file that is cut, reordered or changed by one bit does not open.
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

from education.core.sealing import SUITE, KeyMissing, SealError

FORMAT = b"clinic backup 1\n"
INFO = b"clinic backup file key\n"
CHUNK = 1 << 20
ID_BYTES, WRAPPED_BYTES, LENGTH_BYTES = 8, 80, 4
PUBLIC_PREFIX, CONFIRMED = "recovery_public_", "recovery_confirmed"
ALPHABET = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")  # no I, L, O, U
LOOK_ALIKES = str.maketrans("OIL", "011")
CHECK_BYTES = 3


def make_recovery_key(folder: Path) -> str:
    """A new pair: the public half stays here, the printable private half is the answer. Takes an older one's place."""
    private = X25519PrivateKey.generate()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in [*folder.glob(f"{PUBLIC_PREFIX}*"), *folder.glob(CONFIRMED)]:
        old.unlink()
    public = private.public_key()
    (folder / f"{PUBLIC_PREFIX}{_key_id(public).hex()}").write_bytes(public.public_bytes_raw())
    return printed(private)


def recovery_key_id(folder: Path) -> str:
    """Empty when there is none."""
    return next((path.name.removeprefix(PUBLIC_PREFIX) for path in sorted(folder.glob(f"{PUBLIC_PREFIX}*"))), "")


def confirm(folder: Path, typed: str) -> str:
    """The holder has shown the private half; the key's id. Raises SealError when it belongs to another key."""
    key_id = _key_id(read_printed(typed).public_key()).hex()
    if key_id != recovery_key_id(folder):
        raise SealError("This is a recovery key, but not of this installation.")
    (folder / CONFIRMED).write_text(f"{key_id}\n")
    return key_id


def is_confirmed(folder: Path) -> bool:
    path = folder / CONFIRMED
    return path.is_file() and path.read_text().strip() == recovery_key_id(folder) != ""


def printed(key: X25519PrivateKey) -> str:
    """Groups of four, with a check: made for paper, and to be typed again."""
    raw = key.private_bytes_raw()
    text = base64.b32encode(raw + _check(raw)).decode().rstrip("=").translate(ALPHABET)
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def read_printed(typed: str) -> X25519PrivateKey:
    text = "".join(character for character in typed.upper() if character.isalnum()).translate(LOOK_ALIKES)
    try:
        encoded = text.translate({new: old for old, new in ALPHABET.items()})
        raw = base64.b32decode(encoded + "=" * (-len(encoded) % 8))
    except ValueError:
        raw = b""
    key, check = raw[:-CHECK_BYTES], raw[-CHECK_BYTES:]
    if len(key) != 32 or _check(key) != check:
        raise SealError("This is not a recovery key: a character is missing or mistyped.")
    return X25519PrivateKey.from_private_bytes(key)


class SealedFile:
    """Writes like a file; what reaches the disk opens with the recovery key only."""

    def __init__(self, target: IO[bytes], folder: Path) -> None:
        key_id = recovery_key_id(folder)
        if not key_id:
            raise KeyMissing("There is no recovery key. Run: manage.py seal_keys recovery")
        public = X25519PublicKey.from_public_bytes((folder / f"{PUBLIC_PREFIX}{key_id}").read_bytes())
        file_key = secrets.token_bytes(32)
        self.header = FORMAT + _key_id(public) + SUITE.encrypt(file_key, public, info=INFO)
        self.cipher, self.target, self.count, self.waiting = AESGCM(file_key), target, 0, b""
        target.write(self.header)

    def write(self, content: bytes) -> int:
        self.waiting += content
        while len(self.waiting) > CHUNK:
            self._chunk(self.waiting[:CHUNK], last=False)
            self.waiting = self.waiting[CHUNK:]
        return len(content)

    def _chunk(self, content: bytes, *, last: bool) -> None:
        sealed = self.cipher.encrypt(_nonce(self.count, last), content, self.header)
        self.target.write(len(sealed).to_bytes(LENGTH_BYTES, "big") + sealed)
        self.count += 1

    def __enter__(self) -> "SealedFile":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if not kind:
            self._chunk(self.waiting, last=True)
            self.target.flush()
            os.fsync(self.target.fileno())


class OpenedFile:
    """Reads what SealedFile wrote. A changed byte is an error at the chunk that holds it, before it is handed on."""

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
        self.chunks, self.waiting = self._chunks(source), b""

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self.waiting) < size:
            chunk = next(self.chunks, None)
            if chunk is None:
                break
            self.waiting += chunk
        size = len(self.waiting) if size < 0 else size
        content, self.waiting = self.waiting[:size], self.waiting[size:]
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
    if length > CHUNK + 16:
        raise SealError(CHANGED)
    return source.read(length)


def _nonce(count: int, last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([last])


def _key_id(key: X25519PublicKey) -> bytes:
    return hashlib.sha256(key.public_bytes_raw()).digest()[:ID_BYTES]


def _check(raw: bytes) -> bytes:
    return hashlib.sha256(b"recovery key\n" + raw).digest()[:CHECK_BYTES]
