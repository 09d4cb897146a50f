"""Fills a prepared site with what the attacks of these tests need: a member of staff for each role, and pages."""

from allauth.mfa.totp.internal import auth as totp

from education.accounts.roles import ROLES
from tests import cast

SECRET = "JBSWY3DPEHPK3PXP"  # of everybody's authenticator app
SIGNED = "/autoimmune-conditions/gout/"  # reviewed, so that it is shown in both modes
MEADOW = "0123456789abcdef"
PICTURE = f"/media/pictures/{MEADOW}-600.jpg"
EVERYTHING = "sam"  # holds every role


def furnish() -> None:
    cast.clinic(name="Clinic by the Quillwater", email="desk@clinic.test", reply_promise="We reply in two days.")
    for role in ROLES:
        totp.TOTP.activate(cast.staff(role, role), SECRET)
    totp.TOTP.activate(cast.staff(EVERYTHING, *ROLES), SECRET)
    cast.picture(name=MEADOW)
    cast.issued(cast.complete("gout", title="Gout"))


def code() -> str:
    """What the authenticator app shows now."""
    counter = next(totp.yield_hotp_counters_from_time())
    return str(totp.format_hotp_value(totp.hotp_value(SECRET, counter)))
