"""The one settings file. Every environment variable is read here and nowhere else (HOST and PORT also by
gunicorn.conf.py). `.env.example` lists them; the operator's manual explains them.

A section begins with a line such as `# --- Mail ---`: `grep -- "# ---"` lists them.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from csp.constants import NONCE, NONE, SELF
from django_prose_editor.config import html_tags
from js_asset import Script

from clinic_site.env import Env, EnvError, origin, require_networks, require_no_private_key, s3_options, trial_secret
from clinic_site.logs import FORMATTERS, report_errors_to, to_console
from clinic_site.safety_headers import add_to_static_file

django_stubs_ext.monkeypatch()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- Mode and address ---
# A trial is the default, and answers on this machine only; production starts only when nothing is missing.
MODE = Env(os.environ).choice("CLINIC_MODE", "trial", ("trial", "production"))
TRIAL = MODE == "trial"
env = Env(os.environ, required=not TRIAL)
ROLE = env.choice("CLINIC_ROLE", "all", ("all", "public", "staff", "worker"))
DATA_DIR = Path(env.text("CLINIC_DATA_DIR", str(BASE_DIR / "var"))).resolve()
SEAL_KEY_DIR = Path(env.text("SEAL_KEY_DIR", str(DATA_DIR / "keys"))).resolve()
SEAL_CAN_OPEN = ROLE != "public"  # the public side has only the public key
if not SEAL_CAN_OPEN:
    require_no_private_key(SEAL_KEY_DIR, DATA_DIR / "keys")
# The file that sets these variables. It is not read here: `manage.py doctor` looks at who may read it.
ENV_FILE = env.text("CLINIC_ENV_FILE", "/etc/clinic-site.env")
HOST = env.text("HOST", "127.0.0.1").strip("[]")
PORT = env.number("PORT", 8000, low=1, high=65535)
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
TRIAL_ANYWHERE = env.flag("CLINIC_TRIAL_ANYWHERE")
if TRIAL and HOST not in ("127.0.0.1", "localhost", "::1") and not TRIAL_ANYWHERE:
    raise EnvError(
        "HOST",
        f"is {HOST!r}, but a trial answers on this machine only",
        "Unset it, set CLINIC_MODE=production, or set CLINIC_TRIAL_ANYWHERE=yes for a demonstration.",
    )
SITE_URL = env.needed("SITE_URL", origin(HOST, PORT), "Set the public address, such as https://your.clinic.").rstrip(
    "/"
)
if not TRIAL and not (SITE_URL.startswith("https://") and urlsplit(SITE_URL).hostname):
    raise EnvError("SITE_URL", f"is {SITE_URL!r}", "Production needs an address that starts with https://.")
HTTPS = SITE_URL.startswith("https://")

# --- Secrets and hosts ---
DEBUG = False  # never; errors go to the log, and patients see a page that helps
if TRIAL and not env.text("SECRET_KEY"):
    SECRET_KEY = trial_secret(SEAL_KEY_DIR / "secret_key")
else:
    SECRET_KEY = env.needed("SECRET_KEY", "", "Set SECRET_KEY or SECRET_KEY_FILE to 50 or more random characters.")
    if len(SECRET_KEY) < 50:
        raise EnvError("SECRET_KEY", "is too short", "Set it to 50 or more random characters.")
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS")
# The first encrypts sessions and second factors. Each of the others still decrypts what was encrypted with it.
STAFF_SECRETS = [env.text("STAFF_SECRET_KEY") or SECRET_KEY, *env.names("STAFF_SECRET_KEY_FALLBACKS")]
if not env.text("STAFF_SECRET_KEY"):
    STAFF_SECRETS += SECRET_KEY_FALLBACKS
elif len(STAFF_SECRETS[0]) < 50 or STAFF_SECRETS[0] == SECRET_KEY:
    raise EnvError("STAFF_SECRET_KEY", "is too short, or SECRET_KEY again", "Set it to 50 or more random characters.")
env.needed("ALLOWED_HOSTS", "", "List the names of the site, separated by commas.")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS") or (["*"] if TRIAL_ANYWHERE else LOOPBACK)
if not TRIAL and "*" in ALLOWED_HOSTS:
    raise EnvError("ALLOWED_HOSTS", "holds a star", "List the names of the site, separated by commas.")
TRUSTED_PROXIES = env.names("TRUSTED_PROXIES")
require_networks("TRUSTED_PROXIES", TRUSTED_PROXIES)

# --- Apps and middleware ---
INSTALLED_APPS = [
    "education.core.admin.StaffSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "content_editor",
    "django_prose_editor",
    "crispy_forms",
    "csp",
    "django.forms",  # its templates, which FORM_RENDERER looks for after ours
    "modelsearch",
    "education",  # last: its admin unregisters screens of the others
]
MIDDLEWARE = [
    "clinic_site.logs.with_request_id",  # first: around all that may write a line
    "clinic_site.safety_headers.AlwaysMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "clinic_site.static_files.StaticFilesMiddleware",
    "education.core.styles.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "education.clinic.context.CountryMiddleware",
    "education.accounts.middleware.StaffAreaMiddleware",
    "education.health.middleware.StaffKeysMiddleware",
    "education.once.middleware.StaffOnceMiddleware",  # last: around the view alone
]
# The public side has no staff addresses and may not read their accounts: so it never asks who somebody is.
OF_STAFF = (".Staff", ".SessionMiddleware", ".AuthenticationMiddleware", ".MessageMiddleware")
if ROLE == "public":
    MIDDLEWARE = [name for name in MIDDLEWARE if not any(part in name for part in OF_STAFF)]
ROOT_URLCONF = "clinic_site.urls"
WSGI_APPLICATION = "clinic_site.wsgi.application"

# --- Templates and forms ---
TEMPLATE_LOADERS = [f"django.template.loaders.{name}.Loader" for name in ("filesystem", "app_directories")]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("education.core.typesetting.loader.Loader", TEMPLATE_LOADERS)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "education.clinic.context.site",
            ],
        },
    }
]
FORM_RENDERER = "education.core.forms.renderer.FormRenderer"
# A study in rich text, shown as a chip; what is stored is plain text, see static/js/editor/references.js.
DJANGO_PROSE_EDITOR_EXTENSIONS = [{"js": [], "extensions": {"Citation": html_tags(["span"])}}]
DJANGO_PROSE_EDITOR_PRESETS = {"block": [Script("js/editor/rich-text.js", type="module")]}
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "form_pack"

# --- Data ---
BUSY_SECONDS = 10  # to wait for a locked database; then a patient hears that the request was not stored
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
    "PRAGMA cache_size=-512;"  # KiB for each thread's connection: the system keeps the file in memory anyway
)
env.encrypted("DATABASE_URL", "Add ?sslmode=verify-full.", query="sslmode=(require|verify-ca|verify-full)")
if env.text("DATABASE_URL"):
    DATABASES = {"default": env.url("DATABASE_URL", environ.Env.db_url_config)}
    if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
        INSTALLED_APPS.insert(0, "django.contrib.postgres")  # the search index uses its fields
else:
    DATABASES = {
        "default": {
            "ENGINE": "clinic_site.sqlite",
            "NAME": DATA_DIR / "clinic.sqlite3",
            "CONN_MAX_AGE": None,
            # IMMEDIATE takes the write lock at once: a transaction then waits at its start and does not fail halfway.
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": BUSY_SECONDS, "init_command": SQLITE_PRAGMAS},
            "TEST": {"NAME": ":memory:"},
        }
    }
env.encrypted("CACHE_URL", "Use rediss://.", schemes=("rediss",))
# Log-in attempts are counted in the default one, for all processes together. The other is for what no outage of Redis
# may forget.
IN_DATABASE = {"BACKEND": "clinic_site.cache.table.TableCache", "LOCATION": "education_cache"}
CACHES = {"default": IN_DATABASE, "database": IN_DATABASE}
if env.text("CACHE_URL"):
    CACHES["default"] = env.redis("CACHE_URL")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Search ---
MODELSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database", "AUTO_UPDATE": True}}
env.encrypted("SEARCH_URL", "Use https://.", schemes=("https",))
if env.text("SEARCH_URL"):
    env.installed("SEARCH_URL", "opensearchpy")
    MODELSEARCH_BACKENDS["engine"] = {
        "BACKEND": "modelsearch.backends.opensearch3",
        "URLS": [env.text("SEARCH_URL")],
        "INDEX_PREFIX": "clinic_",
        "AUTO_UPDATE": False,  # education.search.engine does that
        "TIMEOUT": 2,
        "OPTIONS": {"max_retries": 0},
    }

# --- Sizes of requests ---
# Only these two are set; other limits, and the texts that state them, are derived.
MAX_UPLOAD_MB = 8  # a picture or a logo
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # the fields of a form, files left out
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a page of two hundred blocks has more than Django's thousand
FILE_UPLOAD_MAX_MEMORY_SIZE = MAX_UPLOAD_MB * 1_000_000 + DATA_UPLOAD_MAX_MEMORY_SIZE  # Django compares the whole body
# By path prefix, a little above Django's own limits: what Django refuses, it explains better.
BODY_LIMITS = (
    ("/admin/", FILE_UPLOAD_MAX_MEMORY_SIZE + 1_500_000),
    ("/request-a-consultation/", DATA_UPLOAD_MAX_MEMORY_SIZE + 500_000),
    ("/", 100_000),
)
# Under this prefix, more than the last limit takes an upload pass (education/core/upload_pass.py), which staff have.
UPLOAD_PATHS = "/admin/"
UPLOAD_PASS_COOKIE = "__Host-upload_pass" if HTTPS else "upload_pass"  # the prefix is for https only
BODY_BYTES_PER_ADDRESS = 2 * dict(BODY_LIMITS)["/request-a-consultation/"]  # in memory, of one client address
BODY_BYTES_RESERVED = 2 * BODY_BYTES_PER_ADDRESS  # in memory, for patients' forms only
BODY_BYTES_HELD = 2 * dict(BODY_LIMITS)["/admin/"] + BODY_BYTES_RESERVED  # in memory, by one web worker
# Uploads stay in memory: in a temporary file, a patient's answers would lie on the disk unencrypted.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# --- The edge in front of Django (clinic_site/edge); numbers are for one web worker ---
PATIENT_PATHS = ("/request-a-consultation/", "/my-request/")
# Django's threads by path prefix; the first that fits counts. No kind of request keeps the others waiting: not a crowd
# that logs in, and not forms that wait for a locked database.
DJANGO_LANES = ((PATIENT_PATHS, 4), (("/accounts/",), 2), (("/",), 4))
DJANGO_MAX_WAITING = 100  # requests of one kind that wait for a thread; more are asked to come back later
PAGE_CACHE_BYTES = 24_000_000  # in memory; least recently used pages are dropped first
PAGE_CACHE_ALWAYS = ("/", "/a-z/")  # rendered in advance like every published page, so that they outlive the database

# --- Language and time ---
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
TIME_ZONE = env.zone("TIME_ZONE")
FORMAT_MODULE_PATH = ["clinic_site.formats"]  # of dates and times; the country in the profile says which
USE_I18N = True
USE_TZ = True

# --- Files ---
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"
# Collected files have hashed names. Before that (plain `runserver`) they are served from their source folders.
COLLECTED = (STATIC_ROOT / "staticfiles.json").is_file()
env.encrypted("MEDIA_STORAGE_URL", "Use s3://.", schemes=("s3",))
MEDIA_STORAGE: dict[str, Any] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
if env.text("MEDIA_STORAGE_URL"):
    env.installed("MEDIA_STORAGE_URL", "storages", "boto3")
    MEDIA_STORAGE = {
        "BACKEND": "clinic_site.scale.bucket.BucketStorage",
        "OPTIONS": env.url("MEDIA_STORAGE_URL", s3_options),
    }
STORAGES = {
    "default": MEDIA_STORAGE,
    "staticfiles": {"BACKEND": "clinic_site.static_files.StaticStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not COLLECTED  # source files may change at any time
WHITENOISE_ADD_HEADERS_FUNCTION = add_to_static_file
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- A CDN in front, which keeps public pages and is told of each change ---
CDN_PURGE_URL = env.web_address("CDN_PURGE_URL")
CDN_PURGE_FIELD = env.text("CDN_PURGE_FIELD", "surrogate_keys")
CDN_PURGE_HEADER = env.header("CDN_PURGE_HEADER")  # holds a secret
CDN_SECONDS = env.number("CDN_SECONDS", 3600, low=1, high=86_400)

# --- Mail ---
MAIL_FROM = env.needed("MAIL_FROM", "clinic@localhost", "Set the address that mails to staff and patients come from.")
STAFF_MAIL = [
    address.strip()
    for address in env.needed("STAFF_MAIL", "", "Set the address that is told of new requests.").split(",")
    if address.strip()
]
SERVER_CONTACT = env.text("SERVER_CONTACT")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
if env.needed("EMAIL_URL", "", "Set the mail server, such as smtp+tls://user:password@mail.your.clinic:587."):
    mail_server = env.url("EMAIL_URL", environ.Env.email_url_config)
    env.encrypted("EMAIL_URL", "Use smtp+tls:// or smtp+ssl://.", schemes=("smtp+tls", "smtp+ssl", "smtps"))
    if not TRIAL and not env.text("EMAIL_URL").startswith("smtp"):
        raise EnvError("EMAIL_URL", "names no mail server", "Use smtp+tls://user:password@mail.your.clinic:587.")
else:
    mail_server = {"EMAIL_BACKEND": "education.outbox.backends.TrialMailBackend"}
mail_server["EMAIL_TIMEOUT"] = 20  # seconds: a mail server that does not answer must not hold up the worker
globals().update(env.mail_settings(mail_server))
TRIAL_MAIL_DIR = DATA_DIR / "mail"

# --- Staff accounts ---
AUTH_USER_MODEL = "education.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["education.accounts.log_in.passwords.Argon2id19MiB"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "education.accounts.log_in.passwords.BreachedPasswordValidator"},
]
STAFF_MFA = env.choice("STAFF_MFA", "optional" if TRIAL else "required", ("required", "optional"))
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/admin/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "education.accounts.log_in.adapter.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # the computer at the front desk is shared
LOG_IN_PAUSE_MINUTES = 5
ACCOUNT_RATE_LIMITS = {
    # Staff of one clinic share an address: what one of them types wrongly must not keep a colleague out.
    "login": "30/m/ip",
    "login_failed": f"20/m/ip,5/{LOG_IN_PAUSE_MINUTES}m/key",  # wrong codes of a second factor
    "wrong_password_here": f"5/{LOG_IN_PAUSE_MINUTES}m/key",  # for one account from one address
    "wrong_password_from_address": "20/m/ip",
    "wrong_password_anywhere": f"25/{LOG_IN_PAUSE_MINUTES}m/key",  # for one account from unknown devices
}
ACCOUNT_FORMS = {
    "login": "education.accounts.log_in.forms.LogInForm",
    "change_password": "education.accounts.log_in.forms.NewPasswordForm",
}
PASSWORD_RESET_TIMEOUT = 3 * 86_400  # seconds: how long the link works with which somebody chooses a password
MFA_ADAPTER = "education.accounts.log_in.adapter.StaffMFAAdapter"  # keeps second-factor secrets encrypted
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # codes of half a minute earlier or later: the clock of a telephone may be off
MFA_FORMS = {
    "authenticate": "education.accounts.log_in.forms.CodeForm",
    "reauthenticate": "education.accounts.log_in.forms.CodeAgainForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = TRIAL
MFA_TOTP_ISSUER = urlsplit(SITE_URL).hostname or "Clinic"

# --- Requests and backups ---
INTAKE_LIMIT_PER_HOUR = env.number("INTAKE_LIMIT_PER_HOUR", 10)  # of one client address
BACKUP_DIR = DATA_DIR / "backups"
# A folder that another machine or disk holds, or a bucket
BACKUP_SECOND_PLACE = env.second_place("BACKUP_SECOND_PLACE", DATA_DIR)
BACKUP_DAYS = 30  # a backup older than this is deleted; patients who withdraw a request are told the number

# --- Studies ---
# Whether the worker may ask Crossref and PubMed about a DOI or PubMed number that an editor types
LOOK_UP_STUDIES = env.flag("LOOK_UP_STUDIES")

# --- Security headers and cookies ---
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],  # the nonce appears on staff pages only
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# HSTS for the clinic's other subdomains, and preloading, are the clinic's decision.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if ROLE == "public":  # what it leaves out in MIDDLEWARE
    SILENCED_SYSTEM_CHECKS += ["admin.E408", "admin.E409", "admin.E410"]
SESSION_ENGINE = "education.accounts.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # they may hold a set-up link
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# With __Host- a browser takes a cookie over HTTPS only, for this host only. It is Lax because mails link to the desk.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, DEVICE_COOKIE_NAME = (
    f"{'__Host-' if HTTPS else ''}{name}" for name in ("sessionid", "csrftoken", "device")
)
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 36_000  # seconds, ten hours: a staff session ends then, however active it is
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# A proxy may leave the port out of the host that it passes on: Django compares a form's origin with this address too.
CSRF_TRUSTED_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(SITE_URL.lower()))] if "://" in SITE_URL else []
CSRF_FAILURE_VIEW = "education.accounts.log_in.carried.stale_page"

# --- Watching ---
NOTIFY_SOCKET = os.environ.get("NOTIFY_SOCKET", "")  # systemd's, which hears there that a process is well
HEARTBEAT_URL = env.text("HEARTBEAT_URL")  # called each minute while all is well
env.encrypted("HEARTBEAT_URL", "Use https://.", schemes=("https",))
if HEARTBEAT_URL and not HEARTBEAT_URL.startswith(("https://", "http://")):
    raise EnvError("HEARTBEAT_URL", "is no web address", "Use the one that your monitoring gave you, https://…")
# Figures for Prometheus, on a port that only this machine reaches. The client learns here, before anything imports it,
# that several processes count together.
METRICS_HOST = env.text("METRICS_HOST", "127.0.0.1")
METRICS_PORT = env.number("METRICS_PORT", 0, high=65535)
# In memory, as gunicorn's own files: on a full disk, a process that counts there would be killed.
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  # nosec B108
METRICS_DIR = (SHARED_MEMORY if SHARED_MEMORY.is_dir() else DATA_DIR) / f"clinic-metrics-{os.getuid()}-{METRICS_PORT}"
if METRICS_PORT:
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(METRICS_DIR))
    if METRICS_PORT == PORT:
        raise EnvError("METRICS_PORT", f"is {PORT}, which is PORT", "Figures need a port that no proxy forwards to.")
# Reports of errors, to Sentry or what speaks its language: types and lines of code only (logs.py)
SENTRY_DSN = env.text("SENTRY_DSN")
env.encrypted("SENTRY_DSN", "Use https://.", schemes=("https",))
if SENTRY_DSN and not report_errors_to(SENTRY_DSN):
    raise EnvError("SENTRY_DSN", "needs sentry-sdk, which is not installed", "Install it into .venv, or unset this.")
# Logging: paths and exception types, never a request's content; times in UTC
LOG_FORMAT = env.choice("LOG_FORMAT", "text", tuple(FORMATTERS))
LOGGING = to_console(LOG_FORMAT)
