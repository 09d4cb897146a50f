"""Which passwords are refused, and how the others are hashed."""

import re
from threading import BoundedSemaphore
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator

# Passwords hashed at once in each process. Fifty people who log in together would otherwise take 1 GB, and take the
# processor from readers.
HASHES_AT_ONCE = BoundedSemaphore(1)


class Argon2id19MiB(Argon2PasswordHasher):
    """The parameters with the least memory that OWASP recommends.

    With Django's 100 MiB, a few log-ins at once would fill the memory of a small machine.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with HASHES_AT_ONCE:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with HASHES_AT_ONCE:
            return super().verify(password, encoded)


class BreachedPasswordValidator(CommonPasswordValidator):
    """Refuses the 20,000 passwords found most often in breaches (Django brings the list; nobody outside is asked), and
    what is made of one of them: written again and again, or lengthened by another or by a few characters.
    """

    FEW = 3
    LONGEST = 60  # characters that are looked at: what is longer holds more than a list knows

    def get_error_message(self) -> str:
        return "Many people have used this password, or what it is made of. Choose four unrelated words."

    def validate(self, password: str, user: Any = None) -> None:
        super().validate(password, user)
        typed = re.sub(r"[\W_]", "", password.lower())[: self.LONGEST]
        for length in range(self.FEW + 1, len(typed) + 1):
            for start in range(len(typed) - length + 1):
                word = typed[start : start + length]
                rest = typed.replace(word, "") if word in self.passwords else typed
                if len(rest) <= self.FEW or (rest != typed and rest in self.passwords):
                    super().validate(word, user)
