"""How passwords are hashed."""

from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

# So many at once in each process: fifty people who log in together would take 1 GB, and the processor from readers.
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
