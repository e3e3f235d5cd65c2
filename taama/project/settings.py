"""All settings, from the environment only. docs/settings.md documents each; a test compares."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from taama.base.logs import only_exceptions
from taama.project import environment as env
from taama.project.keys import secret_key

PACKAGE = Path(__file__).resolve().parent.parent

TAAMA_DATA_DIR = Path(
    env.text("TAAMA_DATA_DIR", "var", "folder of database, lake, attachments and keys")
).resolve()
os.umask(0o077)  # what this program writes is for its own account
TAAMA_DATA_DIR.mkdir(parents=True, exist_ok=True)
TAAMA_LAKE = env.text("TAAMA_LAKE", str(TAAMA_DATA_DIR / "lake"), "folder or object storage of the lake")
TAAMA_ATTACHMENTS_DIR = TAAMA_DATA_DIR / "attachments"
TAAMA_SPARK_MASTER = env.text("TAAMA_SPARK_MASTER", "local[2]", "Spark cluster for the Spark engine")
TAAMA_NODE = env.text("TAAMA_NODE", "bamako", "name of this office in the journal")
TAAMA_COUNTRY = env.text("TAAMA_COUNTRY", "mali", "folder of the country's data")
TAAMA_PLAIN_HTTP = env.flag("TAAMA_PLAIN_HTTP", False, "1 for a local network without TLS")
TAAMA_DEMO = env.flag("TAAMA_DEMO", False, "1 marks every page as a demonstration")
TAAMA_MAX_SUBMISSION_BYTES = env.integer(
    "TAAMA_MAX_SUBMISSION_BYTES", 100_000_000, "largest request that a phone may send"
)
TAAMA_KEEP_ASIDE_DAYS = env.integer(
    "TAAMA_KEEP_ASIDE_DAYS", 365, "days for which what belongs to no known form waits; 0 is without limit"
)
TAAMA_ASIDE_PER_PHONE = env.integer(
    "TAAMA_ASIDE_PER_PHONE", 1_000, "submissions of one phone that may wait in quarantine; 0 is without limit"
)
TAAMA_ASIDE_MEGABYTES_PER_PHONE = env.integer(
    "TAAMA_ASIDE_MEGABYTES_PER_PHONE", 2_000, "megabytes of one phone that may wait in quarantine; 0 is without limit"
)
TAAMA_MINIMUM_CELL = env.integer("TAAMA_MINIMUM_CELL", 10, "smallest number of people that is published")
TAAMA_LOG_LEVEL = env.text("TAAMA_LOG_LEVEL", "INFO", "how much is logged: DEBUG, INFO, WARNING")

SECRET_KEY = env.secret(
    "TAAMA_SECRET_KEY", "key for signing; made in the data folder when missing"
) or secret_key(TAAMA_DATA_DIR)
DEBUG = False
ALLOWED_HOSTS = env.words(
    "TAAMA_HOSTS", ["127.0.0.1", "localhost", "[::1]"], "names under which the server answers"
)
CSRF_TRUSTED_ORIGINS = env.words("TAAMA_TRUSTED_ORIGINS", [], "addresses of the TLS proxy, with their scheme")
ROOT_URLCONF = "taama.project.urls"
WSGI_APPLICATION = "taama.project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "base.User"
DATABASES = {
    "default": env.database("DATABASE_URL", TAAMA_DATA_DIR / "taama.sqlite3", "database; SQLite when missing")
}

TAAMA_APPS = [
    "base",
    "places",
    "facts",
    "figures",
    "xlsforms",
    "forms",
    "papers",
    "logic",
    "collect",
    "phones",
    "entities",
    "review",
    "desk",
    "claims",
    "statements",
    "mobility",
    "series",
    "opendata",
    "publish",
    "bench",
]
INSTALLED_APPS = [
    *(f"taama.{app}" for app in TAAMA_APPS),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
]
MIDDLEWARE = [
    "taama.base.requests.log_middleware",
    "taama.phones.views.openrosa.openrosa_door",  # phones need nothing of what follows
    "django.middleware.gzip.GZipMiddleware",  # with random padding, so that lengths tell nothing of tokens
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "taama.base.viewers.viewer_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "taama.base.requests.error_middleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "taama.base.requests.page_context",
            ],
        },
    }
]

# What stands at the top of every page: (name of the address, label, rule that opens it or "", about one snapshot)
TAAMA_NAVIGATION = [
    ("home", _("Displacement"), "", True),
    ("flow", _("Flows"), "", True),
    ("statements", _("Check a text"), "", False),
    ("data", _("Data and reports"), "", False),
    ("snapshots", _("Snapshots"), "", False),
    ("methods", _("Methods"), "", True),
    ("forms", _("Forms"), "forms.forms", False),
    ("review-submissions", _("Submissions"), "review.submissions", False),
    ("entities-lists", _("Lists"), "entities.lists", False),
    ("places-add", _("Places"), "places.add_places", False),
    ("exports", _("Exports"), "desk.exports", False),
    ("phones", _("Phones"), "phones.devices", False),
]

# Sign-in. No mail is sent: who forgets a password asks an administrator.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # a session ends with the browser: computers are shared
ACCOUNT_ADAPTER = "taama.base.accounts.Adapter"
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer(
    "TAAMA_PROXIES", 0, "proxies before the server that set X-Forwarded-For: for limits by address"
)
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip,5/5m/key"}
MFA_ADAPTER = "taama.base.accounts.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    "pages": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": TAAMA_DATA_DIR / "pages",  # for all that serve on this machine
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}

# Safety
SECURE_TLS = not TAAMA_PLAIN_HTTP
SESSION_COOKIE_SECURE = SECURE_TLS
CSRF_COOKIE_SECURE = SECURE_TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
CSRF_FAILURE_VIEW = "taama.base.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# Languages and time
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "project" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Africa/Bamako"
LANGUAGE_COOKIE_NAME = "taama_language"

STATIC_URL = "static/"
STATIC_ROOT = PACKAGE.parent / "build" / "static"
TAAMA_FONTS_DIR = PACKAGE.parent / "build" / "fonts"
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    if (STATIC_ROOT / "staticfiles.json").exists()
    else {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "taama.base.logs.JsonFormatter"}},
    "filters": {"only_exceptions": {"()": lambda: only_exceptions}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "taama": {"level": TAAMA_LOG_LEVEL},
        "django.request": {"filters": ["only_exceptions"]},
    },
}
