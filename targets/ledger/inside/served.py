"""The house's own Django, with the static files that a web server before it would bring."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "house")

from django.core.wsgi import get_wsgi_application
from spoilt import Spoilt
from travelling import Travelling
from whitenoise import WhiteNoise

house = WhiteNoise(get_wsgi_application(), root=os.environ["HOUSE_STATIC"], prefix="static/")
application = Spoilt(Travelling(house, Path(os.environ["FOREIGN_CLOCK"])), Path(os.environ["FOREIGN_RULES"]))
