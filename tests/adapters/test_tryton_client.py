"""Tryton's JSON-RPC as a client, against answers as Tryton writes them; `make tryton` tries it on a real one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hypercare.adapters.tryton.api_client import TrytonApiClient
from hypercare.adapters.tryton.rpc import plain
from hypercare.api.api import Api
from hypercare.clients.client import LineToSell, LogInRefused, SaleToMake, SystemRefused
from hypercare.http.exchange import Exchange
from hypercare.outcome.finding import Finding
from hypercare.outcome.signals import ChannelDown, NotCovered
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target

pytestmark = pytest.mark.server

SALE = {
    "id": 7,
    "number": "12",
    "state": "quotation",
    "untaxed_amount": {"__class__": "Decimal", "decimal": "40.0000"},
    "company.": {"rec_name": "Branch Training"},
    "reference": "hypercare-1",
    "lines": [],
}
ANSWERS: dict[str, Any] = {
    "common.db.login": [3, "token-of-three", None],
    "common.db.logout": None,
    "common.server.version": "8.0.1",
    "model.res.user.get_preferences": {"company": 1, "groups": [5]},
    "model.res.user.read": [{"login": "seller", "companies": [1]}],
    "model.res.group.read": [{"rec_name": "Sales"}],
    "model.company.company.read": [{"rec_name": "Branch Training"}],
    "model.party.party.search_read": [{"id": 4, "addresses": [9]}],
    "model.product.product.search_read": [{"id": 6, "default_uom": 1, "list_price_used": 10}],
    "model.sale.sale.default_get": {"company": 1, "currency": 1, "warehouse": 2},
    "model.sale.sale.create": [7],
    "model.sale.sale.quote": None,
    "model.sale.sale.search_read": [SALE],
    "model.sale.sale.cancel": None,
    "model.sale.sale.delete": None,
}


class Server:
    """Answers by method; what it was asked for is kept."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = dict(ANSWERS)
        self.asked: list[str] = []

    def send(self, method: str, path: str, *, body: Mapping[str, Any], **_: Any) -> Exchange:
        self.asked.append(body["method"])
        answer = self.answers[body["method"]]
        if isinstance(answer, Exception):
            raise answer
        status = answer if isinstance(answer, int) else 200
        told = answer if isinstance(answer, dict) and "error" in answer else {"id": 1, "result": answer}
        text = "<html>no</html>" if status != 200 else json.dumps(told)
        address = f"http://127.0.0.1/north/{path}"
        is_json = status == 200
        return Exchange(method, address, status, 0.01, {}, body, {}, text, told if is_json else None, is_json)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def client(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TrytonApiClient:
    (tmp_path / "secret").write_text("right")
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried", "adapter": "tryton"},
            "business": {"timezone": "UTC", "go_live": "2026-01-08"},
            "api": {"url": "http://127.0.0.1/north/"},
            "accounts": [
                {"username": "seller", "role": "Sales", "branch": "B", "password": {"file": str(tmp_path / "secret")}}
            ],
        }
    )
    api = Api(Target(config, tmp_path, datetime.now(UTC)))
    monkeypatch.setattr(api, "send", server.send)
    return TrytonApiClient(api)


@pytest.fixture
def inside(client: TrytonApiClient) -> TrytonApiClient:
    client.log_in(client._api.target.config.accounts[0])
    return client


def test_who_logs_in_is_known_by_group_and_company(client: TrytonApiClient) -> None:
    who = client.log_in(client._api.target.config.accounts[0])
    assert (who.username, who.role, who.branch) == ("seller", "Sales", "Branch Training")
    assert client.headers()["authorization"].startswith("Session ")


def test_who_belongs_to_several_companies_belongs_to_none(client: TrytonApiClient, server: Server) -> None:
    server.answers["model.res.user.read"] = [{"login": "seller", "companies": [1, 2]}]
    assert client.log_in(client._api.target.config.accounts[0]).branch is None


@pytest.mark.parametrize(("status", "why"), [(401, "wrong name or password"), (429, "too many attempts")])
def test_a_log_in_that_is_refused_says_why(client: TrytonApiClient, server: Server, status: int, why: str) -> None:
    server.answers["common.db.login"] = status
    with pytest.raises(LogInRefused, match=why):
        client.log_in(client._api.target.config.accounts[0])
    assert not client.accepts("nobody", "wrong")


def test_a_log_in_without_a_session_is_no_log_in(client: TrytonApiClient, server: Server) -> None:
    server.answers["common.db.login"] = ["'res.user'", ""]
    with pytest.raises(SystemRefused, match="gave no session"):
        client.log_in(client._api.target.config.accounts[0])


NO_ANSWER = ChannelDown("api", Finding(sentence="No answer within the time limit."))


def test_a_log_in_that_is_held_back_is_no_outage(client: TrytonApiClient, server: Server) -> None:
    server.answers["common.db.login"] = NO_ANSWER
    with pytest.raises(LogInRefused, match="held back"):
        client.log_in(client._api.target.config.accounts[0])


def test_a_system_that_answers_nothing_is_down(client: TrytonApiClient, server: Server) -> None:
    server.answers |= {"common.db.login": NO_ANSWER, "common.server.version": NO_ANSWER}
    with pytest.raises(ChannelDown):
        client.log_in(client._api.target.config.accounts[0])


@pytest.mark.parametrize("key", ["no-such", "", "sale.sale,x", "sale.sale,99999999999999999999"])
def test_what_is_no_key_of_tryton_is_no_record(inside: TrytonApiClient, server: Server, key: str) -> None:
    server.answers["model.sale.sale.search_read"] = server.answers["model.production.search_read"] = []
    assert inside.read_sale(key) is None
    assert inside.read_order(key) is None
    inside.undo_sale(key, "trial")


def test_a_trial_sale_stops_at_its_quotation(inside: TrytonApiClient, server: Server) -> None:
    seen = inside.create_sale(SaleToMake("stock", "Trial", (LineToSell("TRIAL"),), "hypercare-1"))
    assert (seen.key, seen.state, seen.total, seen.branch) == ("sale.sale,7", "draft", Decimal(40), "Branch Training")
    assert "model.sale.sale.quote" in server.asked
    assert "model.sale.sale.confirm" not in server.asked
    with pytest.raises(NotCovered, match="cannot be taken back"):
        inside.finalise_sale(seen.key)


def test_a_quotation_is_cancelled_and_deleted(inside: TrytonApiClient, server: Server) -> None:
    inside.undo_sale("sale.sale,7", "trial")
    assert server.asked[-2:] == ["model.sale.sale.cancel", "model.sale.sale.delete"]


def test_a_confirmed_sale_is_left_alone_and_told(inside: TrytonApiClient, server: Server) -> None:
    server.answers["model.sale.sale.search_read"] = [{**SALE, "state": "processing"}]
    with pytest.raises(SystemRefused, match="cannot be taken back"):
        inside.undo_sale("sale.sale,7", "trial")
    assert "model.sale.sale.delete" not in server.asked


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.read_sale("sale.sale,7"),
        lambda client: client.sales_listed(),
        lambda client: client.sales_marked("hypercare-", "Trial"),
    ],
)
def test_an_error_with_status_200_is_a_refusal(
    inside: TrytonApiClient, server: Server, ask: Callable[[TrytonApiClient], object]
) -> None:
    server.answers["model.sale.sale.search_read"] = {"error": ["UserError", ["The journal is closed.", ""]]}
    with pytest.raises(SystemRefused, match="UserError: The journal is closed"):
        ask(inside)


def test_values_are_read_at_any_depth() -> None:
    written = {"rows": [{"amount": {"__class__": "Decimal", "decimal": "1.10"}, "name": "x"}]}
    assert plain(written) == {"rows": [{"amount": Decimal("1.10"), "name": "x"}]}
