"""What can go wrong with a running Tryton: its server, its web client, its accounts. Put in before it starts."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hypercare.outcome.level import Level
from targets.tryton.system import TrytonSystem
from tests.tryton.tryton_faults import BOTH, L1, L2, L3, SQLITE, sql

CLIENTS = ("health.web", "health.api", "users.login")


@dataclass(frozen=True, kw_only=True)
class LiveFault:
    id: str
    put_in: Callable[[TrytonSystem], None]
    noticed_by: Mapping[str, Level]
    may_notice: frozenset[str] = field(default_factory=frozenset)
    starts: bool = True
    engines: tuple[str, ...] = SQLITE


def _web_client(system: TrytonSystem) -> Path:
    """A web client of this system's own, to be spoilt."""
    own = system.folder / "sao"
    shutil.copytree(system.software.web_root, own)
    conf = system.folder / "trytond.conf"
    text = conf.read_text(encoding="utf-8")
    conf.write_text(text.replace(str(system.software.web_root), str(own)), encoding="utf-8")
    return own


def _without_web_client(system: TrytonSystem) -> None:
    shutil.rmtree(_web_client(system))


def _with_broken_script(system: TrytonSystem) -> None:
    for script in (_web_client(system) / "dist").glob("tryton-sao*.js"):
        script.write_text("Sao = {", encoding="utf-8")


_OF_SOUTH = "WHERE login = 'check.south.sales'"
LIVE = (
    LiveFault(
        id="server-down", put_in=lambda system: None, noticed_by={"health.web": L3, "health.api": L3}, starts=False
    ),
    LiveFault(
        id="web-client-gone",
        put_in=_without_web_client,
        noticed_by={"health.web": L3},
        may_notice=frozenset({"users.login"}),
    ),
    LiveFault(
        id="web-client-broken",
        put_in=_with_broken_script,
        noticed_by={"health.web": L3},
        may_notice=frozenset({"users.login"}),
    ),
    LiveFault(
        id="password-of-one-changed",
        put_in=sql(f"UPDATE res_user SET password_hash = '$2b$12$nothing' {_OF_SOUTH}"),
        noticed_by={"users.login": L1},
    ),
    LiveFault(
        id="one-deactivated",
        put_in=sql(f"UPDATE res_user SET active = (1 = 0) {_OF_SOUTH}"),
        noticed_by={"users.login": L1},
        engines=BOTH,
    ),
    LiveFault(
        id="everybody-deactivated",
        put_in=sql("UPDATE res_user SET active = (1 = 0) WHERE login LIKE 'check.%'"),
        noticed_by={"users.login": L3},
    ),
    LiveFault(
        id="one-moved-to-another-branch",
        put_in=sql(
            f'UPDATE "res_user-company_company" SET company = 1 WHERE "user" = (SELECT id FROM res_user {_OF_SOUTH})',
            f"UPDATE res_user SET company = 1, employee = NULL {_OF_SOUTH}",
        ),
        noticed_by={"users.login": L2},
    ),
    LiveFault(
        id="sale-in-unknown-state-in-the-api",
        put_in=sql("UPDATE sale_sale SET state = 'approved' WHERE state = 'processing' AND company = 1"),
        noticed_by={"health.api": L3},
        may_notice=frozenset({"health.web"}),
    ),
)
