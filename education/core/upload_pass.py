"""A signed cookie by which the web server knows who may send a body as large as a picture.

It must know before it reads the body, on the event loop, where it can't ask the database for a session. The pass opens
nothing else: who has one after logging out may send a large body, which Django then refuses.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpResponseBase, parse_cookie

SALT = "education.core.upload_pass"


def give_upload_pass(response: HttpResponseBase, holder: str) -> None:
    """Send the pass with each page of the staff area, so that it outlives the session in which a form was opened."""
    response.set_cookie(
        settings.UPLOAD_PASS_COOKIE,
        signing.TimestampSigner(salt=SALT).sign(holder),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )


def upload_pass_holder(cookies: str) -> str:
    """Whose pass is among these cookies, a `Cookie` header; empty if there is none, or it is too old."""
    signed = parse_cookie(cookies).get(settings.UPLOAD_PASS_COOKIE, "")
    try:
        return signing.TimestampSigner(salt=SALT).unsign(signed, max_age=settings.SESSION_COOKIE_AGE)
    except signing.BadSignature:
        return ""
