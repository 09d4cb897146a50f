"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id19MiB(Argon2PasswordHasher):
    """The OWASP setting with the smallest memory: Django's own 100 MiB would let a few log-ins fill a small machine."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
