"""Typed readers for environment variables and secret files.

Each raises EnvError for a value that is missing or invalid: one line that names the variable and says what to do, and
the site does not start. Only `settings.py` (and `gunicorn.conf.py` for HOST and PORT) use them.
"""

import os
import re
import secrets
import sys
import warnings
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qs, unquote, urlsplit

import django
import environ
from django.core.exceptions import ImproperlyConfigured

HERE = (None, "127.0.0.1", "localhost", "::1")  # None: a file or a socket
PLACEHOLDERS = ("change-me", "changeme", "example.org", "example.com", "your-", "<")

NOT_PRIVATE = ("seal_public_", "recovery_public_", "recovery_confirmed", "secret_key")  # SECRET_KEY signs on both sides
SMTP = "django.core.mail.backends.smtp.EmailBackend"
SMTP_OPTIONS = {
    **{"host": "EMAIL_HOST", "port": "EMAIL_PORT", "username": "EMAIL_HOST_USER", "password": "EMAIL_HOST_PASSWORD"},
    **{"use_tls": "EMAIL_USE_TLS", "use_ssl": "EMAIL_USE_SSL", "timeout": "EMAIL_TIMEOUT"},
}


class EnvError(ImproperlyConfigured):
    """A variable is missing or invalid. The message names it and says what to do."""

    def __init__(self, name: str, problem: str, hint: str) -> None:
        super().__init__(f"{name} {problem}. {hint}")


class Env:
    """Reads `values` (normally `os.environ`). `required` turns every missing default into an error."""

    def __init__(self, values: Mapping[str, str], *, required: bool = False) -> None:
        self.values = values
        self.required = required

    def raw(self, name: str) -> str:
        """The value of NAME, or the content of the file that NAME_FILE points to; empty when neither is set."""
        path = self.values.get(f"{name}_FILE", "")
        if not path:
            return self.values.get(name, "").strip()
        if self.values.get(name):
            raise EnvError(name, f"and {name}_FILE are both set", "Keep one of the two.")
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise EnvError(f"{name}_FILE", f"can't be read ({error})", "Point it at a readable text file.") from error

    def text(self, name: str, default: str = "") -> str:
        return self.raw(name) or default

    def needed(self, name: str, default: str, hint: str) -> str:
        """A value that production must set: there, a missing one or a placeholder is an error."""
        value = self.raw(name)
        if not self.required:
            return value or default
        if not value:
            raise EnvError(name, "is not set", hint)
        if any(mark in value.lower() for mark in PLACEHOLDERS):
            raise EnvError(name, "still holds a placeholder", hint)
        return value

    def url(self, name: str, parse: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
        """What `parse` makes of an address such as DATABASE_URL. The error never shows it: it may hold a password."""
        try:
            with warnings.catch_warnings(action="error"):  # some parsers only warn of what they do not know
                return parse(self.text(name))
        except Exception:
            raise EnvError(name, "can't be understood", "It looks like kind://user:password@host:port/name.") from None

    def redis(self, name: str) -> dict[str, Any]:
        """The cache on the Redis at this address."""
        self.installed(name, "redis")
        if urlsplit(self.text(name)).scheme not in ("redis", "rediss"):
            raise EnvError(name, "names no Redis", "It begins with rediss:// or, on this machine, with redis://.")
        cache = self.url(name, environ.Env.cache_url_config)
        return cache | {"BACKEND": "clinic_site.scale.cache.RedisOrDatabaseCache"}

    @staticmethod
    def mail_settings(server: dict[str, Any]) -> dict[str, Any]:
        """EMAIL_… settings as they are, or, from Django 6.1 on, which warns of them, as MAILERS."""
        if django.VERSION < (6, 1):
            return server
        backend = server["EMAIL_BACKEND"]
        said = {option: server.get(name) for option, name in SMTP_OPTIONS.items()} if backend == SMTP else {}
        options = {option: value for option, value in said.items() if value is not None}
        return {"MAILERS": {"default": {"BACKEND": backend, "OPTIONS": options}}}

    def encrypted(self, name: str, hint: str, schemes: tuple[str, ...] = (), query: str = "(?!)") -> None:
        """In production, refuse an address on another machine to which nothing is encrypted: one that has neither a
        scheme of `schemes` nor what the pattern `query` finds after its question mark.
        """
        try:
            parts = urlsplit(self.text(name))
        except ValueError:
            return  # whoever reads it says so
        if not self.required or parts.hostname in HERE or parts.scheme in schemes or re.search(query, parts.query):
            return
        raise EnvError(name, "would send what it carries unencrypted over the network", hint)

    def installed(self, name: str, *modules: str) -> None:
        """Refuse a setting for which a package is missing."""
        for module in modules:
            if find_spec(module) is None:
                hint = "Run: .venv/bin/pip install -r requirements-scale.txt"
                raise EnvError(name, f"needs {module}, which is not installed", hint)

    def web_address(self, name: str) -> str:
        value = self.text(name)
        if value and not value.startswith(("https://", "http://")):
            raise EnvError(name, "is no web address", "It begins with https://.")
        self.encrypted(name, "Use https://.", schemes=("https",))
        if "@" in urlsplit(value).netloc:
            raise EnvError(name, "holds a user or a password", "Put what it asks for into a header.")
        return value

    def header(self, name: str) -> str:
        """A header of HTTP with its value, which may be a secret."""
        value = self.text(name)
        if value and not re.fullmatch(r"[\w-]+: [ -~]+", value):
            raise EnvError(name, "is no header", "It looks like “Fastly-Key: secret”.")
        return value

    def second_place(self, name: str, first: Path) -> str:
        """A bucket, or the whole path of a folder outside the first place. It is not touched: a mount may hang."""
        value = self.text(name)
        if value.startswith("s3://"):
            self.installed(name, "boto3")
        elif value and (not Path(value).is_absolute() or Path(os.path.normpath(value)).is_relative_to(first)):
            hint = f"Name a folder outside {first} by its whole path, such as /mnt/clinic-backups."
            raise EnvError(name, f"is {value!r}", hint)
        return value

    def zone(self, name: str) -> str:
        value = self.text(name, "UTC")
        try:
            zoneinfo.ZoneInfo(value)
        except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
            raise EnvError(name, f"is {value!r}", "Use a name such as Europe/London.") from None
        return value

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise EnvError(name, f"is {value!r}", f"Use one of: {', '.join(allowed)}.")
        return value

    def flag(self, name: str) -> bool:
        return self.choice(name, "no", ("yes", "no")) == "yes"

    def number(self, name: str, default: int, *, low: int = 0, high: int = 1_000_000) -> int:
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
            raise EnvError(name, f"is {value!r}", f"Use a whole number from {low} to {high}.")
        return int(value)

    def names(self, name: str) -> list[str]:
        return [part.strip() for part in self.text(name).split(",") if part.strip()]


def start_again(*words: str, **values: str) -> NoReturn:
    """Become a command of manage.py with these values in its environment, where nobody else sees them."""
    command = [sys.executable, sys.argv[0], *words]
    os.execve(sys.executable, command, {**os.environ, **values})  # noqa: S606  # nosec B606


def origin(host: str, port: int) -> str:
    """The address under which a server that listens on HOST is reached from this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # nosec B104  nothing is bound here
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def require_networks(name: str, values: Iterable[str]) -> None:
    """Refuse what is neither an IP address nor a network, and a network of everybody."""
    for each in values:
        try:
            everybody = ip_network(each, strict=False).prefixlen == 0
        except ValueError:
            hint = "List addresses or networks, such as 127.0.0.1 or 172.18.0.0/16, separated by commas."
            raise EnvError(name, f"holds {each!r}", hint) from None
        if everybody:
            raise EnvError(name, f"holds {each!r}, which is everybody", "List your own proxies only.")


def require_no_private_key(*folders: Path) -> None:
    """Refuse to start where this user can read a key in one of these folders that is not for the public side.

    All but NOT_PRIVATE count, so that a copy under another name is not overlooked.
    """
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        if not path.name.startswith(NOT_PRIVATE) and os.access(path, os.R_OK) and path.is_file():
            hint = "Give it a folder with nothing but seal_public_….pem, and keep all other keys from this user."
            raise EnvError("SEAL_KEY_DIR", f"would let the public side read {path}", hint)


def trial_secret(path: Path) -> str:
    """The secret in the file `path`, made on first use and readable by this user only. For trial installations only."""
    try:
        if not path.exists():
            _make_secret(path)
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        hint = "Choose a folder this user may write to, or free some space."
        raise EnvError("CLINIC_DATA_DIR", f"is not usable ({error})", hint) from error


def private_folder(path: Path) -> None:
    """Make the folder, for this user only, unless it is there. Folders above it are made as usual."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def _make_secret(path: Path) -> None:
    """Write the whole file or none of it. Of two processes that do so at once, the first wins."""
    private_folder(path.parent.parent)
    private_folder(path.parent)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{secrets.token_urlsafe(48)}\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def s3_options(address: str) -> dict[str, Any]:
    """What STORAGES needs, from s3://key:secret@host/bucket?region=name. Raises ValueError."""
    parts = urlsplit(address)
    bucket = parts.path.strip("/")
    if parts.scheme not in ("s3", "s3+http") or not (parts.hostname and parts.username and parts.password and bucket):
        raise ValueError
    place = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    return {
        "endpoint_url": f"{'http' if parts.scheme == 's3+http' else 'https'}://{place}",
        "bucket_name": bucket,
        "access_key": unquote(parts.username),
        "secret_key": unquote(parts.password),
        "region_name": parse_qs(parts.query).get("region", ["us-east-1"])[0],
        "default_acl": None,
        "file_overwrite": False,
    }
