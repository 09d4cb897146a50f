"""Sealing: a patient's answers are encrypted to the staff key before they are stored. Only this module and
`vault.py` handle keys.

An envelope is one version byte, eight bytes of key id, and the HPKE output (RFC 9180: X25519, HKDF-SHA256,
AES-256-GCM) over one JSON document. It opens only under the name that it was bound to, so rows can't be swapped.
What waits for its writer, such as answers that are not sent yet, is locked with a secret that only their page has.
No error contains plaintext.
"""

import hashlib
import hmac
import json
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hpke, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.crypto import salted_hmac

from education.core import disk

VERSION = b"\x01"
KEY_ID_BYTES = 8
HEADER_BYTES = len(VERSION) + KEY_ID_BYTES
PADDING_STEP = 1024
BLIND_BYTES = 16
LOCK_NONCE_BYTES = 12
LOCK_SALT = "education.core.sealing.lock"
SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
PUBLIC_NAME = re.compile(r"seal_public_([0-9a-f]{16})\.pem")


class SealError(Exception):
    """Something could not be sealed or opened."""


class KeyMissing(SealError):
    """The key for this is not on this machine."""


def seal(document: dict[str, Any], *, bound_to: str) -> bytes:
    """Put one JSON document into an envelope for the newest staff key. Raises SealError, of which KeyMissing is one."""
    key_id = current_key_id()
    header = VERSION + bytes.fromhex(key_id)
    return header + SUITE.encrypt(_padded(document), _public_key(_folder(), key_id), info=_info(header, bound_to))


def open_sealed(envelope: bytes, *, bound_to: str) -> dict[str, Any]:
    """The document in an envelope. Raises SealError if it was changed, bound to another name, or its key is missing."""
    _require_staff_side()
    key = _private_key(_folder(), key_id_of(envelope))
    header, sealed = envelope[:HEADER_BYTES], envelope[HEADER_BYTES:]
    try:
        document = json.loads(SUITE.decrypt(sealed, key, info=_info(header, bound_to)))
    except (InvalidTag, ValueError):
        raise SealError("This envelope was changed, or belongs to something else.") from None
    if not isinstance(document, dict):
        raise SealError("This envelope holds no document.")
    return document


def reseal(envelope: bytes, *, bound_to: str) -> bytes:
    """The same document in an envelope for the newest key."""
    return seal(open_sealed(envelope, bound_to=bound_to), bound_to=bound_to)


def lock(document: dict[str, Any], *, secret: str) -> bytes:
    """Encrypt one JSON document with a long random secret that this installation does not store."""
    nonce = secrets.token_bytes(LOCK_NONCE_BYTES)
    return nonce + AESGCM(_lock_key(secret, settings.SECRET_KEY)).encrypt(nonce, _padded(document), None)


def unlock(locked: bytes, *, secret: str) -> dict[str, Any]:
    """The document that was locked with this secret. Raises SealError for another secret or changed bytes."""
    for own in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        with suppress(InvalidTag, ValueError):
            key = AESGCM(_lock_key(secret, own))
            return dict(json.loads(key.decrypt(locked[:LOCK_NONCE_BYTES], locked[LOCK_NONCE_BYTES:], None)))
    raise SealError("This was changed, or locked with another secret.")


def blind(term: str) -> bytes:
    """A keyed digest (16 bytes) to search by. Equal terms have equal digests; without the key nobody can try terms."""
    return blind_each([term])[0]


def blind_each(terms: Iterable[str]) -> list[bytes]:
    """Those of many terms, in their order. A search makes dozens: the key's file is looked for once."""
    path = _index_path(_folder())
    if not (settings.SEAL_CAN_OPEN and path.exists()):
        _require_staff_side()
        ensure_keys()
    key = _secret(path)
    return [hmac.digest(key, term.encode("utf-8", "replace"), "sha256")[:BLIND_BYTES] for term in terms]


def chain_digest(row: str, *, is_first: bool) -> str:
    """The keyed digest (hex) that chains the audit trail: with access to the database alone nobody can forge a row.

    The key is made with the first row. Once there are rows, a missing key must not be replaced silently: KeyMissing.
    """
    path = _audit_path(_folder())
    if not settings.SEAL_CAN_OPEN:
        raise KeyMissing("This side of the installation can't write to the audit trail.")
    if is_first and not path.exists():
        with _locked(_folder()):
            _ensure_secret(path)
    return hmac.new(_secret(path), row.encode("utf-8", "replace"), "sha256").hexdigest()


def key_id_of(envelope: bytes) -> str:
    if len(envelope) <= HEADER_BYTES or envelope[: len(VERSION)] != VERSION:
        raise SealError("This is not an envelope of a known version.")
    return envelope[len(VERSION) : HEADER_BYTES].hex()


def key_ids() -> list[str]:
    """Ids of the keys that can seal, oldest first: an id begins with the time when its key was made."""
    try:
        names = [PUBLIC_NAME.fullmatch(name) for name in os.listdir(_folder())]  # noqa: PTH208  asked by each request
    except OSError:
        return []
    return sorted(name[1] for name in names if name)


def current_key_id() -> str:
    ids = key_ids()
    if not ids:
        ensure_keys()
        ids = key_ids()
    if not ids:
        raise KeyMissing("There is no key to seal with. Run: manage.py seal_keys new")
    return ids[-1]


def opening_problem() -> str:
    """Why what is sealed from now on could not be opened or found here; empty when it could."""
    try:
        _require_staff_side()
        ensure_keys()
        _secret(_index_path(_folder()))
        _private_key(_folder(), current_key_id())
    except KeyMissing as error:
        return str(error)
    return ""


def can_open(key_id: str) -> bool:
    """Whether what this key sealed can be opened here."""
    try:
        return bool(_private_key(_folder(), key_id))
    except KeyMissing:
        return False


def chain_problem() -> str:
    """Why nothing can be added to an audit trail that has begun; empty when it can."""
    try:
        _secret.__wrapped__(_audit_path(_folder()))  # the file itself: a copy in memory ends with the process
    except KeyMissing as error:
        return str(error)
    return ""


@contextmanager
def keys_in(folder: Path) -> Iterator[None]:
    """In this block, use the keys of another folder: those of a backup."""
    own_folder = settings.SEAL_KEY_DIR
    settings.SEAL_KEY_DIR = folder
    forget_keys()
    try:
        yield
    finally:
        settings.SEAL_KEY_DIR = own_folder
        forget_keys()


def forget_keys() -> None:
    """Clear the cached keys, whose files may have changed."""
    for cached in (_private_key, _public_key, _secret):
        cached.cache_clear()


def private_pem(key_id: str) -> bytes:
    """The private half as it is stored. Raises KeyMissing for a file that holds no key, or another one."""
    _private_key(_folder(), key_id)
    return _read(_folder() / f"seal_private_{key_id}.pem")


def put_back_key(key_id: str, pem: bytes) -> None:
    """Store a key that was deleted. It opens again; it seals only if it is the newest."""
    key = serialization.load_pem_private_key(pem, None)
    if not isinstance(key, X25519PrivateKey) or _fingerprint(key.public_key()) != key_id[8:]:
        raise KeyMissing(f"This is not the key {key_id}.")
    with _locked(_folder()):
        _write_pair(_folder(), key_id, key)
    forget_keys()


def public_pem(key_id: str) -> str:
    """The public half as it is stored."""
    _public_key(_folder(), key_id)
    return _read(_folder() / f"seal_public_{key_id}.pem").decode("ascii")


def add_public_key(folder: Path, key_id: str, pem: str) -> None:
    """Store a public key that was made on another host. Raises KeyMissing if it is another one than its name says."""
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, X25519PublicKey) or _fingerprint(key) != key_id[8:]:
        raise KeyMissing("This is not a whole public key. Copy all lines that `seal_keys public` printed.")
    with _locked(folder):
        disk.replace_file(folder / f"seal_public_{key_id}.pem", pem.encode())
    forget_keys()


def delete_key(key_id: str) -> None:
    """Delete it here. The caller has made sure that nothing is sealed with it."""
    with _locked(_folder()):
        for kind in ("private", "public"):
            (_folder() / f"seal_{kind}_{key_id}.pem").unlink(missing_ok=True)
    forget_keys()


def can_seal() -> bool:
    try:
        return bool(current_key_id())
    except KeyMissing:
        return False


def ensure_keys() -> None:
    """Make a trial's keys if they are missing. Production never does so silently: a lost key is lost answers."""
    folder = _folder()
    if not (settings.TRIAL and settings.SEAL_CAN_OPEN) or (key_ids() and _index_path(folder).exists()):
        return
    try:
        with _locked(folder):
            if key_ids():
                _ensure_secret(_index_path(folder))
            else:
                _make_keys(folder)
    except OSError as error:
        raise KeyMissing(f"Keys can't be made in this installation's key folder ({type(error).__name__}).") from None


def make_keys(folder: Path) -> str:
    """Make a key pair, and the index key if there is none. Returns the id of the new pair."""
    with _locked(folder):
        return _make_keys(folder)


def _make_keys(folder: Path) -> str:
    _ensure_secret(_index_path(folder))
    key = X25519PrivateKey.generate()
    key_id = f"{int(time.time()):08x}{_fingerprint(key.public_key())}"
    _write_pair(folder, key_id, key)
    return key_id


def _write_pair(folder: Path, key_id: str, key: X25519PrivateKey) -> None:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    # The private key first: nothing may ever be sealed that can't be opened.
    disk.replace_file(folder / f"seal_private_{key_id}.pem", private)
    disk.replace_file(folder / f"seal_public_{key_id}.pem", public)


def _ensure_secret(path: Path) -> None:
    if not path.exists():
        disk.replace_file(path, f"{secrets.token_hex(32)}\n".encode())


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Web server and worker start together, and only one may make the keys."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with disk.locked(folder):
        yield


def _padded(document: dict[str, Any]) -> bytes:
    """Canonical JSON, padded with spaces to a multiple of PADDING_STEP, so that the length reveals little."""
    try:
        text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        content = text.encode()
    except (TypeError, ValueError):
        raise SealError("Only a JSON document of readable text can be sealed.") from None
    return content + b" " * (-len(content) % PADDING_STEP)


def _lock_key(secret: str, own: str) -> bytes:
    return salted_hmac(LOCK_SALT, secret, own, algorithm="sha256").digest()


def _info(header: bytes, bound_to: str) -> bytes:
    return b"clinic sealed document\n" + header + bound_to.encode()


def _folder() -> Path:
    return Path(settings.SEAL_KEY_DIR)


def _index_path(folder: Path) -> Path:
    return folder / "index_key"


def _audit_path(folder: Path) -> Path:
    return folder / "audit_key"


def _fingerprint(key: X25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:8]


def _require_staff_side() -> None:
    if not settings.SEAL_CAN_OPEN:
        raise KeyMissing("This side of the installation can't open answers.")


@lru_cache(maxsize=64)
def _public_key(folder: Path, key_id: str) -> X25519PublicKey:
    path = folder / f"seal_public_{key_id}.pem"
    with _readable(path):
        key = serialization.load_pem_public_key(_read(path))
    if not isinstance(key, X25519PublicKey) or _fingerprint(key) != key_id[8:]:
        raise KeyMissing(f"{path.name} does not hold the key it is named after.")
    return key


@lru_cache(maxsize=64)
def _private_key(folder: Path, key_id: str) -> X25519PrivateKey:
    path = folder / f"seal_private_{key_id}.pem"
    with _readable(path):
        key = serialization.load_pem_private_key(_read(path), None)
    if not isinstance(key, X25519PrivateKey) or _fingerprint(key.public_key()) != key_id[8:]:
        raise KeyMissing(f"{path.name} does not hold the key it is named after.")
    return key


@lru_cache(maxsize=64)
def _secret(path: Path) -> bytes:
    with _readable(path):
        return bytes.fromhex(_read(path).decode("ascii"))


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyMissing(f"{path.name} does not hold a key.") from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyMissing(f"The key {path.name} can't be read ({type(error).__name__}).") from None
