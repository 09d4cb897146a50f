"""What production needs to be told."""

COMPLETE = {
    "CLINIC_MODE": "production",
    "SITE_URL": "https://clinic.test",
    "ALLOWED_HOSTS": "clinic.test",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "EMAIL_URL": "smtp+tls://user:password@mail.clinic.test:587",
    "MAIL_FROM": "site@clinic.test",
    "STAFF_MAIL": "desk@clinic.test, second@clinic.test",
}
