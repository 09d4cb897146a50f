"""The recovery key is made for paper, and what is sealed with it opens whole or not at all."""

import io
from pathlib import Path

import pytest

from education.core import vault
from education.core.sealing import KeyMissing, SealError


@pytest.fixture
def printed(tmp_path: Path) -> str:
    return vault.make_recovery_key(tmp_path)


def sealed(folder: Path, content: bytes) -> bytes:
    path = folder / "sealed"
    with path.open("wb") as file, vault.SealedFile(file, folder) as target:
        for start in range(0, len(content), 300_000):
            target.write(content[start : start + 300_000])
    return path.read_bytes()


def opened(content: bytes, printed: str) -> bytes:
    return vault.OpenedFile(io.BytesIO(content), vault.read_printed(printed)).read()


@pytest.mark.parametrize(
    "size", [0, 1, vault.CHUNK_BYTES - 1, vault.CHUNK_BYTES, vault.CHUNK_BYTES + 1, 3 * vault.CHUNK_BYTES]
)
def test_what_goes_in_comes_out(tmp_path: Path, printed: str, size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    assert opened(sealed(tmp_path, content[:size]), printed) == content[:size]


@pytest.mark.parametrize("place", [0, 20, 40, 120, 2_000, -1])
def test_one_flipped_bit_is_refused(tmp_path: Path, printed: str, place: int) -> None:
    content = bytearray(sealed(tmp_path, b"x" * 4_000))
    content[place] ^= 1
    with pytest.raises(SealError):
        opened(bytes(content), printed)


def test_a_file_that_was_cut_at_a_chunk_is_refused(tmp_path: Path, printed: str) -> None:
    whole = sealed(tmp_path, b"x" * (2 * vault.CHUNK_BYTES))
    head = len(vault.FORMAT) + vault.ID_BYTES + vault.WRAPPED_BYTES
    first = head + vault.LENGTH_BYTES + vault.CHUNK_BYTES + 16
    for cut in (head, first, len(whole) - 1):
        with pytest.raises(SealError):
            opened(whole[:cut], printed)


def test_another_key_does_not_open_it(tmp_path: Path, printed: str) -> None:
    content = sealed(tmp_path, b"x")
    with pytest.raises(SealError, match="another recovery key"):
        opened(content, vault.make_recovery_key(tmp_path))


def test_the_printed_key_may_be_typed_as_people_type(tmp_path: Path, printed: str) -> None:
    content = sealed(tmp_path, b"words")
    typed = printed.lower().replace("-", " ").replace("0", "O").replace("1", "l")
    assert opened(content, typed) == b"words"


@pytest.mark.parametrize("wrong", ["", "ABCD", "Ä" * 56, "A" * 400])
def test_what_is_no_key_is_said_to_be_none(wrong: str) -> None:
    with pytest.raises(SealError, match="not a recovery key"):
        vault.read_printed(wrong)


def test_one_mistyped_character_is_found(printed: str) -> None:
    other = "2" if printed[7] != "2" else "3"
    with pytest.raises(SealError, match="mistyped"):
        vault.read_printed(printed[:7] + other + printed[8:])


def test_the_private_half_is_nowhere(tmp_path: Path, printed: str) -> None:
    raw = vault.read_printed(printed).private_bytes_raw()
    assert not [path for path in tmp_path.iterdir() if raw in path.read_bytes()]


def test_confirming_asks_for_the_key_of_this_place(tmp_path: Path, printed: str) -> None:
    assert not vault.is_confirmed(tmp_path)
    with pytest.raises(SealError, match="not of this installation"):
        vault.confirm(tmp_path, vault.make_recovery_key(tmp_path / "elsewhere"))
    vault.confirm(tmp_path, printed)
    assert vault.is_confirmed(tmp_path)
    vault.make_recovery_key(tmp_path)
    assert not vault.is_confirmed(tmp_path), "a new key has to be tested anew"


def test_without_a_recovery_key_nothing_is_sealed(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match="seal_keys recovery"):
        sealed(tmp_path, b"x")
