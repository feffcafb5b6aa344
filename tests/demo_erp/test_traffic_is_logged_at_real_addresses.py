"""Every address that the demo's people are logged at is one that the application answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.routing import Match

from demo_erp.application import create_app
from demo_erp.traffic.routes import API, WEB, UsualRequest
from tests.demo_erp.lived_business import copy_of


@pytest.mark.long
@pytest.mark.parametrize("requests", [pytest.param(WEB, id="web"), pytest.param(API, id="api")])
def test_every_address_is_served(tmp_path: Path, opened: Path, requests: dict[str, UsualRequest]) -> None:
    routes = create_app(copy_of(opened, tmp_path / "state")).router.routes
    for request in requests.values():
        path = re.sub(r"\{.*?\}", "7", request.route)
        scope = {"type": "http", "path": path, "method": request.method, "root_path": "", "path_params": {}}
        assert any(route.matches(scope)[0] == Match.FULL for route in routes), (request.method, path)
