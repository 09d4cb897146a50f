"""Which passwords are refused; and hashing takes memory and time, never more than one hash's in each process."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from argon2 import PasswordHasher, low_level
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tests.each import of_each


@pytest.mark.usefixtures("hash_as_in_production")
def test_one_password_is_hashed_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, threading.Lock()

    def watched(hash_or_verify: Any) -> Any:
        def run(*args: Any, **more: Any) -> Any:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.01)
            try:
                return hash_or_verify(*args, **more)
            finally:
                with lock:
                    running -= 1

        return run

    kept = make_password("correct horse battery staple")
    monkeypatch.setattr(PasswordHasher, "verify", watched(PasswordHasher.verify))
    monkeypatch.setattr(low_level, "hash_secret", watched(low_level.hash_secret))
    with ThreadPoolExecutor(8) as pool:
        right = [pool.submit(check_password, "correct horse battery staple", kept) for _ in range(4)]
        made = [pool.submit(make_password, "another") for _ in range(4)]
    assert all(one.result() for one in right)
    assert all(one.result().startswith("argon2$argon2id$v=19$m=19456,") for one in made)
    assert most == 1


@of_each(
    [
        "1q2w3e4r5t6y7u8i",  # in the list as it is
        "passwordpassword",
        "Password-Password-12",
        "iloveyou123456789",
        "qwertyuiopqwertyuiop!!",
        "Sunshine Sunshine Sunshine",
    ]
)
def test_what_leaked_elsewhere_is_refused_and_what_is_made_of_it(password: str) -> None:
    with pytest.raises(ValidationError, match="four unrelated words"):
        validate_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "a-long-enough-passphrase",
        "password monkey dragon quill",
        "seven long words " * 300,
    ],
)
def test_four_words_are_not(password: str) -> None:
    validate_password(password)
