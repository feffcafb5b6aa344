"""The phone's pages: the same formats and policies as the desktop's, with templates of their own."""

from __future__ import annotations

from pathlib import Path

from demo_erp.web.rendering import Pages

MOBILE_PAGES = Pages(Path(__file__).parent, "/m/static", home="/m/", login="/m/login")
