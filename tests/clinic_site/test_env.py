"""Every reader fails closed and names its variable."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from clinic_site.env import PLACEHOLDERS, Env, EnvError, origin, require_networks, s3_options, trial_secret
from tests.each import of_each


def env(required: bool = False, **values: str) -> Env:
    return Env(values, required=required)


def test_a_value_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("  from the file\n")
    assert env(WORD_FILE=str(tmp_path / "secret")).text("WORD") == "from the file"


def test_a_value_and_a_file_at_once(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("one")
    with pytest.raises(EnvError, match=r"WORD and WORD_FILE are both set\. Keep one of the two."):
        env(WORD="two", WORD_FILE=str(tmp_path / "secret")).text("WORD")


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    for name in ("nowhere", "binary"):
        with pytest.raises(EnvError, match=r"^WORD_FILE can't be read .*Point it at a readable text file"):
            env(WORD_FILE=str(tmp_path / name)).text("WORD")


def test_an_empty_value_is_no_value() -> None:
    assert env(WORD="  ").text("WORD", "default") == "default"


def test_what_production_needs() -> None:
    assert env().needed("WORD", "default", "Set it.") == "default"
    assert env(required=True, WORD="set").needed("WORD", "default", "Set it.") == "set"
    with pytest.raises(EnvError, match=r"WORD is not set\. Set it\."):
        env(required=True).needed("WORD", "default", "Set it.")


@of_each(PLACEHOLDERS)
def test_a_placeholder_is_not_a_value(mark: str) -> None:
    assert env(WORD=f"a-{mark}-b").needed("WORD", "", "Set it.")  # a trial may
    with pytest.raises(EnvError, match=r"WORD still holds a placeholder\. Set it."):
        env(required=True, WORD=f"a-{mark.upper()}-b").needed("WORD", "", "Set it.")


def test_proxies_are_addresses_and_networks() -> None:
    require_networks("WORD", ["127.0.0.1", "172.18.0.0/16", "172.18.0.1/16", "fd00::/8"])


@of_each(
    [
        ("nonsense", r"^WORD holds 'nonsense'\. List addresses or networks, such as 127\.0\.0\.1 or 172"),
        ("172.18.0.0/99", "holds '172.18.0.0/99'"),
        ("10.0.0.1:8080", "holds '10.0.0.1:8080'"),
        ("0.0.0.0/0", "which is everybody. List your own proxies only"),
        ("::/0", "which is everybody"),
    ]
)
def test_what_is_no_proxy_is_refused(case: tuple[str, str]) -> None:
    given, said = case
    with pytest.raises(EnvError, match=said):
        require_networks("WORD", ["127.0.0.1", given])


@of_each(
    [
        (lambda e: e.choice("X", "a", ("a", "b")), "c"),
        (lambda e: e.flag("X"), "true"),
        (lambda e: e.number("X", 5, low=1, high=9), "10"),
        (lambda e: e.number("X", 5, low=1, high=9), "0"),
        (lambda e: e.number("X", 5), "-1"),
        (lambda e: e.number("X", 5), "1.5"),
        (lambda e: e.number("X", 5), "٣"),
        (lambda e: e.zone("X"), "Mars/Olympus"),
        (lambda e: e.zone("X"), "../../etc/passwd"),
        (lambda e: e.url("X", lambda text: {}[text]), "nonsense://"),
    ]
)
def test_a_value_that_makes_no_sense(case: tuple[Callable[[Env], object], str]) -> None:
    read, bad = case
    with pytest.raises(EnvError, match=r"^X "):
        read(env(X=bad))


def test_values_that_make_sense() -> None:
    good = env(C="b", F="yes", N="7", Z="Europe/London", L="a, b,,c ", U="kind://x")
    assert good.choice("C", "a", ("a", "b")) == "b"
    assert good.flag("F")
    assert not good.flag("UNSET")
    assert good.number("N", 5) == 7
    assert good.zone("Z") == "Europe/London"
    assert good.zone("UNSET") == "UTC"
    assert good.names("L") == ["a", "b", "c"]
    assert good.url("U", lambda text: {"is": text}) == {"is": "kind://x"}


def test_an_address_with_a_password_is_never_shown() -> None:
    with pytest.raises(EnvError) as caught:
        env(X="bad://user:s3cret@host").url("X", lambda text: {}[text])
    assert "s3cret" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_the_address_of_a_bucket() -> None:
    address = {"MEDIA_STORAGE_URL": "s3://key:a%2Fb@s3.test:9000/pictures?region=eu-north-1"}
    found = Env(address).url("MEDIA_STORAGE_URL", s3_options)
    named = ("endpoint_url", "bucket_name", "access_key", "secret_key", "region_name")
    assert [found[name] for name in named] == ["https://s3.test:9000", "pictures", "key", "a/b", "eu-north-1"]
    for lacking in ("s3://s3.test/pictures", "s3://key:hidden@s3.test", "https://key:hidden@s3.test/pictures"):
        with pytest.raises(EnvError, match="MEDIA_STORAGE_URL can't be understood") as refusal:
            Env({"MEDIA_STORAGE_URL": lacking}).url("MEDIA_STORAGE_URL", s3_options)
        assert "hidden" not in str(refusal.value)


def test_a_setting_that_needs_a_package_names_it() -> None:
    with pytest.raises(EnvError, match=r"CACHE_URL needs nowhere, .*pip install -r requirements-scale.txt"):
        Env({}).installed("CACHE_URL", "json", "nowhere")


def test_a_cache_that_is_no_redis_is_refused() -> None:
    for address in ("memcache://127.0.0.1:11211", "locmem://", "127.0.0.1:6379"):
        with pytest.raises(EnvError, match=r"CACHE_URL names no Redis. It begins with rediss://"):
            Env({"CACHE_URL": address}).redis("CACHE_URL")
    on_a_socket = Env({"CACHE_URL": "redis:///run/cache/cache.sock"}).redis("CACHE_URL")
    assert on_a_socket["LOCATION"] == "unix:///run/cache/cache.sock"
    assert on_a_socket["BACKEND"] == "clinic_site.scale.cache.RedisOrDatabaseCache"


def test_the_address_of_this_machine() -> None:
    assert origin("127.0.0.1", 80) == "http://127.0.0.1:80"
    assert origin("::1", 80) == "http://[::1]:80"
    assert origin("0.0.0.0", 80) == "http://127.0.0.1:80"


def test_a_trial_makes_its_own_secret_once(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "keys" / "secret"
    secret = trial_secret(path)
    assert len(secret) >= 50
    assert trial_secret(path) == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["secret"]


def test_a_secret_on_a_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "hardlink_to", refused)
    assert trial_secret(tmp_path / "secret") == trial_secret(tmp_path / "secret") != ""


def test_the_first_of_two_that_make_the_secret_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret"
    path.write_text("the first")
    monkeypatch.setattr(Path, "exists", lambda self: False)
    assert trial_secret(path) == "the first"


def test_a_secret_that_has_no_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvError, match=r"CLINIC_DATA_DIR is not usable"):
        trial_secret(tmp_path / "file" / "secret")
