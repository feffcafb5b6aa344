"""The application as pretix's own Python serves it, with the static files that a web server before it would bring."""

from __future__ import annotations

import os
from pathlib import Path

from pretix.wsgi import application as pretix  # isort: skip - sets Django up
from django.conf import settings
from spoilt import Spoilt
from travelling import Travelling
from whitenoise import WhiteNoise

# Stands for a mail server that takes everything.
settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
served = Travelling(WhiteNoise(pretix, root=settings.STATIC_ROOT, prefix="static/"), Path(os.environ["FOREIGN_CLOCK"]))
application = Spoilt(served, Path(os.environ["FOREIGN_RULES"]))
