"""The settings of a small house that keeps its books in django-ledger; all that varies is in the environment."""

from __future__ import annotations

import os

DEBUG = False
SECRET_KEY = "of this machine only"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "addresses"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_ledger",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
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
                "django_ledger.context.django_ledger_context",
            ]
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["HOUSE_DATABASE"],
        "HOST": os.environ["HOUSE_DATABASE_HOST"],
        "PORT": os.environ["HOUSE_DATABASE_PORT"],
        "USER": os.environ["HOUSE_DATABASE_USER"],
        "PASSWORD": os.environ["HOUSE_DATABASE_PASSWORD"],
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = os.environ.get("HOUSE_ZONE", "UTC")
STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("HOUSE_STATIC", "static")
LOGIN_URL = "/ledger/auth/login/"
LOGIN_REDIRECT_URL = "/ledger/"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "[%(asctime)s] [%(process)d] [%(levelname)s] %(name)s: %(message)s"}},
    "handlers": {
        "file": {
            "class": "logging.FileHandler",
            "filename": os.environ.get("HOUSE_LOG", "house.log"),
            "formatter": "plain",
        }
    },
    "root": {"handlers": ["file"], "level": "INFO"},
}
