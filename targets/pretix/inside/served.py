"""The application as pretix's own Python serves it, with the static files that a web server before it would bring."""

from __future__ import annotations

from django.conf import settings
from pretix.wsgi import application as pretix
from whitenoise import WhiteNoise

application = WhiteNoise(pretix, root=settings.STATIC_ROOT, prefix="static/")
