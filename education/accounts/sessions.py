"""Where sessions are kept. Only the browser has the key of a session.

The database holds the key's hash, and what is in the session encrypted with the key and a secret of this installation:
a copied row, or a whole copied database, opens nothing, and no row works under another key.
"""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, cast

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone
from django.utils.crypto import salted_hmac

from education.accounts.models import StaffSession

BEGAN, ADDRESS, DEVICE = "staff_began", "staff_address", "staff_device"  # keys in the session
SALT = "education.accounts.sessions"

# What browsers put into their names: the first that is found counts, as most call themselves by several.
BROWSERS = {
    "Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox", "FxiOS": "Firefox",
    "CriOS": "Chrome", "Chrom": "Chrome", "Safari": "Safari",
}  # fmt: skip
SYSTEMS = {
    "iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "CrOS": "ChromeOS", "Mac": "Mac",
    "Linux": "Linux",
}  # fmt: skip


def device_named(user_agent: str) -> str:
    """The device as its owner would call it, such as “Chrome on Windows”. An unusual name stays as it is."""
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "")
    return f"{browser} on {system}" if browser and system else user_agent[:200]


def hashed(key: str) -> str:
    """What the database knows a session by. The key is random and long, so no salt is needed."""
    return sha256(key.encode()).hexdigest()


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[StaffSession]:
        return StaffSession

    def exists(self, session_key: str) -> bool:
        return super().exists(hashed(session_key))

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            super().delete(hashed(key))

    def create_model_instance(self, data: dict[str, Any]) -> StaffSession:
        row = cast(StaffSession, super().create_model_instance(data))
        row.session_key = hashed(row.session_key)
        row.account_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.began_at = datetime.fromtimestamp(data[BEGAN], UTC) if BEGAN in data else None
        row.address, row.device = data.get(ADDRESS), data.get(DEVICE, "")
        return row

    def load(self) -> dict[str, Any]:
        key = hashed(self.session_key) if self.session_key else ""
        found = StaffSession.objects.filter(session_key=key, expire_date__gt=timezone.now())
        for data in found.values_list("session_data", flat=True):
            return self.decode(data)
        self._session_key = None  # as Django does: a key that somebody made up is never taken over
        return {}

    def encode(self, session_dict: dict[str, Any]) -> str:
        return self._cipher().encrypt(self.serializer().dumps(session_dict)).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            return dict(self.serializer().loads(self._cipher().decrypt(session_data)))
        except InvalidToken:
            return {}

    def _cipher(self) -> MultiFernet:
        keys = [
            salted_hmac(SALT, self.session_key or "", secret, algorithm="sha256").digest()
            for secret in settings.STAFF_SECRETS
        ]
        return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])
