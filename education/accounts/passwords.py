"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id19MiB(Argon2PasswordHasher):
    """The parameters with the least memory that OWASP recommends.

    With Django's 100 MiB, a few log-ins at once would fill the memory of a small machine.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
