"""Sealing: what goes in comes out on the staff side, and nowhere else."""

import stat
from pathlib import Path
from typing import Any

import pytest

from education.core import sealing
from education.core.sealing import KeyMissing, SealError

DOCUMENT = {"name": "Ana Ruiz-Ñandú", "answers": ["a", "b"], "age": 41}


@pytest.fixture(autouse=True)
def key_folder(own_keys: Path, settings: Any) -> Path:
    settings.TRIAL = True
    settings.SEAL_CAN_OPEN = True
    return own_keys


def test_round_trip() -> None:
    envelope = sealing.seal(DOCUMENT, bound_to="ABCD2345")
    assert sealing.open_sealed(envelope, bound_to="ABCD2345") == DOCUMENT
    assert b"Ana" not in envelope
    assert sealing.key_id_of(envelope) == sealing.current_key_id()


def test_the_same_document_never_looks_the_same_twice() -> None:
    assert sealing.seal(DOCUMENT, bound_to="A") != sealing.seal(DOCUMENT, bound_to="A")


def test_another_name_does_not_open_it() -> None:
    envelope = sealing.seal(DOCUMENT, bound_to="ABCD2345")
    with pytest.raises(SealError) as caught:
        sealing.open_sealed(envelope, bound_to="ABCD2346")
    assert "Ana" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("place", [0, 20, 60, -1])
def test_one_flipped_bit_is_refused(place: int) -> None:
    envelope = bytearray(sealing.seal(DOCUMENT, bound_to="A"))
    envelope[place] ^= 1
    with pytest.raises(SealError):
        sealing.open_sealed(bytes(envelope), bound_to="A")


def test_an_envelope_naming_an_unknown_key_says_which_file_is_missing() -> None:
    envelope = bytearray(sealing.seal(DOCUMENT, bound_to="A"))
    envelope[3] ^= 1
    with pytest.raises(KeyMissing, match="seal_private_"):
        sealing.open_sealed(bytes(envelope), bound_to="A")


def test_length_tells_only_the_kibibyte() -> None:
    lengths = {len(sealing.seal({"text": "x" * size}, bound_to="A")) for size in range(0, 1000, 50)}
    assert len(lengths) == 1
    longer = len(sealing.seal({"text": "x" * 1020}, bound_to="A"))
    assert longer - lengths.pop() == 1024


@pytest.mark.parametrize("document", [{"text": "\ud800"}, {"text": object()}, {"text": float("nan")}])
def test_what_is_no_json_text_is_refused_without_repeating_it(document: dict[str, Any]) -> None:
    with pytest.raises(SealError) as caught:
        sealing.seal(document, bound_to="A")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("envelope", [b"", b"\x01", b"\x01" * 9, b"\x02" + b"\x00" * 99])
def test_rubbish_is_no_envelope(envelope: bytes) -> None:
    with pytest.raises(SealError):
        sealing.open_sealed(envelope, bound_to="A")


def test_an_envelope_must_hold_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_padded", lambda document: b"[1]")
    envelope = sealing.seal({}, bound_to="A")
    with pytest.raises(SealError, match="no document"):
        sealing.open_sealed(envelope, bound_to="A")


def test_keys_are_for_this_user_only(key_folder: Path) -> None:
    sealing.ensure_keys()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in key_folder.iterdir()}
    assert set(modes.values()) == {0o600}
    assert len(modes) == 3
    assert stat.S_IMODE(key_folder.stat().st_mode) == 0o700


def test_ensuring_twice_changes_nothing(key_folder: Path) -> None:
    sealing.ensure_keys()
    before = {path.name: path.read_bytes() for path in key_folder.iterdir()}
    sealing.ensure_keys()
    assert {path.name: path.read_bytes() for path in key_folder.iterdir()} == before


def test_a_lost_index_key_is_made_again_in_trial(key_folder: Path) -> None:
    sealing.ensure_keys()
    (key_folder / "index_key").unlink()
    sealing.ensure_keys()
    assert (key_folder / "index_key").exists()
    assert len(sealing.key_ids()) == 1


def test_production_never_makes_keys_by_itself(key_folder: Path, settings: Any) -> None:
    settings.TRIAL = False
    assert not sealing.can_seal()
    with pytest.raises(KeyMissing, match="seal_keys new"):
        sealing.seal(DOCUMENT, bound_to="A")
    assert not key_folder.exists()
    sealing.make_keys(key_folder)
    assert sealing.can_seal()
    assert sealing.open_sealed(sealing.seal(DOCUMENT, bound_to="A"), bound_to="A") == DOCUMENT


def test_the_public_side_seals_and_opens_nothing(settings: Any) -> None:
    sealing.ensure_keys()
    settings.SEAL_CAN_OPEN = False
    envelope = sealing.seal(DOCUMENT, bound_to="A")
    with pytest.raises(KeyMissing):
        sealing.open_sealed(envelope, bound_to="A")
    with pytest.raises(KeyMissing):
        sealing.blind("email:ana@example.org")


def test_a_newer_key_seals_and_the_older_still_opens(key_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = sealing.seal(DOCUMENT, bound_to="A")
    monkeypatch.setattr(sealing.time, "time", lambda: 4_000_000_000)
    newer = sealing.make_keys(key_folder)
    assert sealing.key_id_of(sealing.seal(DOCUMENT, bound_to="A")) == newer != sealing.key_id_of(old)
    assert sealing.open_sealed(old, bound_to="A") == DOCUMENT


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_damaged_private_key_is_named(key_folder: Path, content: bytes) -> None:
    envelope = sealing.seal(DOCUMENT, bound_to="A")
    path = key_folder / f"seal_private_{sealing.current_key_id()}.pem"
    path.write_bytes(content)
    with pytest.raises(KeyMissing, match=path.name):
        sealing.open_sealed(envelope, bound_to="A")


def test_a_key_under_a_wrong_name_is_refused(key_folder: Path, tmp_path: Path) -> None:
    mine = sealing.make_keys(key_folder)
    other = sealing.make_keys(tmp_path / "other")
    for kind in ("public", "private"):
        source = tmp_path / "other" / f"seal_{kind}_{other}.pem"
        (key_folder / f"seal_{kind}_{mine}.pem").write_bytes(source.read_bytes())
    with pytest.raises(KeyMissing, match="named after"):
        sealing.seal(DOCUMENT, bound_to="A")
    with pytest.raises(KeyMissing, match="named after"):
        sealing.open_sealed(b"\x01" + bytes.fromhex(mine) + b"x" * 99, bound_to="A")


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "file").write_text("")
    settings.SEAL_KEY_DIR = tmp_path / "file" / "keys"
    with pytest.raises(KeyMissing, match="NotADirectoryError"):
        sealing.seal(DOCUMENT, bound_to="A")


def test_a_damaged_index_key_is_named(key_folder: Path) -> None:
    sealing.ensure_keys()
    (key_folder / "index_key").write_text("not hex")
    with pytest.raises(KeyMissing, match="index_key"):
        sealing.blind("email:ana@example.org")


def test_blind_terms_are_stable_short_and_keyed(key_folder: Path, tmp_path: Path, settings: Any) -> None:
    term = sealing.blind("email:ana@example.org")
    assert term == sealing.blind("email:ana@example.org") != sealing.blind("email:bea@example.org")
    assert len(term) == 16
    settings.SEAL_KEY_DIR = tmp_path / "elsewhere"
    assert sealing.blind("email:ana@example.org") != term
