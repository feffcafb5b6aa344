"""A shop of three branches behind an API that describes itself, each door of which a test can leave open."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hypercare.api.api import Api
from hypercare.branch_isolation import BranchIsolation
from hypercare.clients.accounts import Accounts
from tests.standins.http_standin import Standin
from tests.standins.some_target import some_account, some_target

BRANCHES = ("HAR", "OLD", "TRN")
DESCRIPTION = {
    "openapi": "3.1.0",
    "paths": {
        "/bills": {
            "get": {"parameters": [{"name": "limit", "in": "query"}, {"name": "q", "in": "query"}]},
            "post": {},
        },
        "/bills/{bill_id}": {"get": {}},
        "/bills/{bill_id}/notes": {"get": {}},
        "/bills/export.csv": {"get": {}},
        "/reports/bills": {"get": {"parameters": [{"name": "day", "in": "query", "required": True}]}},
        "/tags": {"get": {}},
        "/bills/{bill_id}/approve": {"get": {}},
    },
}
Record = Mapping[str, Any]


@dataclass
class DescribedShop:
    """Each branch has three bills; `opened` are the doors that show everybody all of them: list, search, read, notes,
    export, report. `names_branches` is whether a bill says whose it is, `keys` how a bill is called in an address.
    Exports are longer by `padding`; the answers of `breaks_off` never come whole."""

    opened: frozenset[str] = frozenset()
    names_branches: bool = True
    keys: str = "{branch}-{n}"
    without: frozenset[str] = frozenset()
    alike: bool = False
    padding: str = ""
    breaks_off: frozenset[str] = frozenset()
    asked: list[tuple[str, str]] = field(default_factory=list)

    def bills(self, *branches: str) -> list[Record]:
        return [self._bill(branch, n) for branch in branches for n in (1, 2, 3)]

    def _bill(self, branch: str, n: int) -> Record:
        place = BRANCHES.index(branch)
        key = self.keys.format(branch=branch, n=n, counted=place * 100 + n)
        bill = {"id": key, "number": f"B-{key}", "sum": "5.00" if self.alike else f"{n}.{place}0"}
        return {**bill, "branch": branch} if self.names_branches else bill

    def answer(self, own: str, path: str, query: Mapping[str, str]) -> tuple[int, Any]:
        """What somebody of the branch `own` is answered: a status with records, or with a text."""
        self.asked.append((own, path))
        door = _door_of(path, query)
        if door in self.without:
            return 403, {"error": "not for you"}
        seen = self.bills(*(BRANCHES if door in self.opened else (own,)))
        if door in {"read", "notes"}:
            key = path.split("/")[2]
            found = [one for one in seen if one["id"] == key]
            if not found:
                return 404, {"error": "there is no such bill"}
            return 200, found[0] if door == "read" else {"notes": [{"id": f"N-{key}", **found[0]}]}
        if door == "search":
            seen = [one for one in seen if query["q"] in one["number"]]
        if door == "export":
            columns = list(seen[0])
            lines = [";".join(columns), *(";".join(map(str, one.values())) for one in seen)]
            return 200, "\r\n".join([*lines, self.padding] if self.padding else lines)
        return 200, {"items": seen, "total": len(seen)}


def _door_of(path: str, query: Mapping[str, str]) -> str:
    if path == "/reports/bills":
        return "report"
    if path.endswith(".csv"):
        return "export"
    if path.endswith("/notes"):
        return "notes"
    if path.count("/") == 2:
        return "read"
    return "search" if query.get("q") else "list"


@dataclass
class Isolation:
    """Branch isolation of a target with this shop."""

    api: Api
    look: BranchIsolation


def isolation_of(
    shop: DescribedShop,
    standin: Standin,
    folder: Path,
    *,
    branches: Sequence[str] = BRANCHES,
    description: object = DESCRIPTION,
    **sections: Any,
) -> Isolation:
    def tell(handler: Any) -> None:
        carried = handler.headers.get("authorization", "").removeprefix("Basic ")
        own = base64.b64decode(carried).decode().partition(":")[0].removeprefix("check.").upper()
        place = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(place.query).items()}
        if place.path == "/me":
            status, body = 200, {"name": f"check.{own.lower()}", "role": "sales", "branch": own}
        else:
            status, body = shop.answer(own, place.path, query)
        text = body if isinstance(body, str) else json.dumps(body)
        handler.send_response(status)
        handler.send_header("content-type", "text/csv" if isinstance(body, str) else "application/json")
        missing = 100 if _door_of(place.path, query) in shop.breaks_off else 0
        handler.send_header("content-length", str(len(text.encode()) + missing))
        handler.end_headers()
        handler.wfile.write(text.encode())

    keys = [one["id"] for one in replace(shop).bills(*BRANCHES)]
    places = ["/me", "/bills", "/bills/export.csv", "/reports/bills", "/tags"]
    for place in (*places, *(f"/bills/{key}{more}" for key in keys for more in ("", "/notes"))):
        standin.answers[place] = tell
    standin.json("/openapi.json", description)
    target = some_target(
        folder,
        target={"name": "stand-in", "adapter": "rest"},
        canary={"branch": "TRN"},
        accounts=[some_account(folder, f"check.{one.lower()}", "sales", one) for one in branches],
        business={"timezone": "Europe/Berlin", "go_live": "2026-01-08", **sections.pop("business", {})},
        api={"url": standin.url, "description": "/openapi.json", **sections.pop("api", {})},
        rest={
            "log_in": {"kind": "basic"},
            "who": {"path": "/me", "username": "name", "role": "role", "branch": "branch"},
        },
        **{"branch_isolation": {"entities": ["bills"]}, **sections},
    )
    return Isolation(Api(target), BranchIsolation(target, Accounts(target)))
