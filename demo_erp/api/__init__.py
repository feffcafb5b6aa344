"""The REST API, version 1: one router an area."""

from __future__ import annotations

from fastapi import APIRouter

from demo_erp.api import authentication, directory, issues, production, reports, sales, system

router = APIRouter()
for area in (authentication, system, directory, sales, production, reports, issues):
    router.include_router(area.router)
