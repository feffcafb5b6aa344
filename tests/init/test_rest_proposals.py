"""From an API's own description: how people log in and sell there, as [rest]; doubts stay comments."""

from __future__ import annotations

import json
import tomllib

import pytest
import tomlkit
from click.testing import CliRunner

from hypercare.cli import hypercare
from hypercare.commands.init import init
from hypercare.init.api_description import described
from hypercare.target_file.config import TargetConfig
from tests.init.described_shop import PASSWORD, described_shop, introspected
from tests.init.serving_app import serving

KEPT = """
[target]
mode = "transact"
[rounds]
retry_after = "1ms"
[canary]
branch = "TRN"
customer = "Trial customer"
products = { stock = "TRN-1" }
users = ["*@shop.example.com"]
[canary.roles]
sell = ["seller"]
undo = ["chief"]
[[accounts]]
username = "seller@shop.example.com"
role = "seller"
branch = "TRN"
password = { file = "password.txt" }
[[accounts]]
username = "chief@shop.example.com"
role = "chief"
branch = "TRN"
password = { file = "password.txt" }
"""


def proposed(place):
    done = CliRunner().invoke(init, ["--api", str(place), "--no-questions"])
    assert done.exit_code == 0, done.output
    return done.output


def in_file(tmp_path, document):
    file = tmp_path / "api.json"
    file.write_text(json.dumps(document))
    return file


@pytest.mark.long
@pytest.mark.server
def test_an_api_that_describes_itself_is_sold_through_as_proposed(tmp_path):
    """Nothing of [rest] is written by hand: only the canary and who may log in."""
    with serving(described_shop()) as url:
        settings = tomllib.loads(proposed(url))
        for name, told in tomllib.loads(KEPT).items():
            settings[name] = {**settings.get(name, {}), **told} if isinstance(told, dict) else told
        (tmp_path / "password.txt").write_text(PASSWORD)
        (tmp_path / "shop.toml").write_text(tomlkit.dumps(settings))
        arguments = ["adapter", "test", "--target", str(tmp_path / "shop.toml"), "--reports", str(tmp_path / "reports")]
        ran = CliRunner().invoke(hypercare, arguments, standalone_mode=False)
    assert ran.return_value == 0, ran.output
    for promise in ("what is created is read back to the cent", "undoing a final sale really undoes it"):
        assert any(line.startswith("holds") and promise in line for line in ran.output.splitlines()), ran.output


def test_each_line_says_how_sure_and_why(tmp_path):
    text = proposed(in_file(tmp_path, described_shop().openapi()))
    heads = [line for line in text.splitlines() if line.startswith(("[rest.", "[[rest."))]
    assert len(heads) >= 10
    assert all("%: " in line for line in heads), heads
    assert "register" not in text
    assert "purchase" not in text.partition("[rest]")[2]


def test_graphql_gives_whole_requests_even_for_words_that_nobody_knows(tmp_path):
    text = proposed(in_file(tmp_path, introspected()))
    config = TargetConfig.model_validate(tomllib.loads(text))
    rest = config.rest
    assert rest is not None and config.target.adapter == "rest"
    assert rest.log_in.token == "data.signIn.token"
    (made,) = rest.create_sale
    assert made.variables == {"clientId": "{customer_id}", "memo": "{reference}", "rows": "{lines}"}
    assert made.line == {"articleId": "{product_id}", "pieces": "{quantity}"}
    assert "$rows: [RowInput!]!" in made.graphql
    assert rest.sale.states == {"draft": ("OPEN",), "final": ("PAID",), "void": ("CANCELLED",)}
    assert rest.money == "cents" and rest.sale.total == "sumCents"
    assert rest.sale.branch == "stores[].code"
    assert rest.sale.line.description == "article.label"
    assert [one.when for one in rest.undo_sale] == [("draft",), ("final",)]
    assert rest.list_sales[0].pages.next == "data.dossiers.next"


def without(document, path, verb=None):
    if verb is None:
        del document["paths"][path]
    else:
        del document["paths"][path][verb]
    return document


def test_a_sale_that_could_not_be_undone_stays_a_comment(tmp_path):
    document = without(described_shop().openapi(), "/sales-orders/{order_id}", "delete")
    text = proposed(in_file(tmp_path, without(document, "/sales-orders/{order_id}/cancel")))
    assert "# [rest.create_sale]" in text and "it needs [rest.undo_sale]" in text
    assert TargetConfig.model_validate(tomllib.loads(text)).rest.create_sale == ()


def test_what_a_request_asks_besides_is_said_and_not_guessed(tmp_path):
    document = described_shop().openapi()
    new = document["components"]["schemas"]["NewOrder"]
    new["properties"]["warp_factor"] = {"type": "integer"}
    new["required"].append("warp_factor")
    text = proposed(in_file(tmp_path, document))
    assert "# ? somebody has to say warp_factor" in text
    assert "# [rest.create_sale]" in text


def test_without_a_log_in_all_of_it_is_a_comment(tmp_path):
    text = proposed(in_file(tmp_path, without(described_shop().openapi(), "/auth/login")))
    assert "\n# [rest]" in text and "\n[rest" not in text
    assert tomllib.loads(text)["target"]["adapter"] == "none"


SCHEMES = [
    ({"type": "apiKey", "in": "header", "name": "X-Api-Key"}, "key", {"X-Api-Key": "{password}"}),
    ({"type": "http", "scheme": "basic"}, "basic", {"Authorization": "Basic {basic}"}),
]


@pytest.mark.parametrize(("scheme", "kind", "carried"), SCHEMES, ids=["key", "basic"])
def test_a_scheme_stands_in_where_nobody_logs_in(scheme, kind, carried, tmp_path):
    document = without(described_shop().openapi(), "/auth/login")
    document["components"]["securitySchemes"] = {"one": scheme}
    rest = TargetConfig.model_validate(tomllib.loads(proposed(in_file(tmp_path, document)))).rest
    assert rest.log_in.kind == kind
    assert rest.log_in.carry == carried


def test_an_old_swagger_with_a_form_is_read(tmp_path):
    log_in = {
        "parameters": [{"name": name, "in": "formData", "type": "string"} for name in ("user", "pass")],
        "responses": {"200": {"description": "a cookie is set"}},
    }
    document = {"swagger": "2.0", "host": "old.example.com", "basePath": "/v1", "paths": {"/login": {"post": log_in}}}
    api = described(str(in_file(tmp_path, document)))
    assert api.rest.live()["log_in"] == {
        "kind": "form",
        "path": "/login",
        "form": {"user": "{username}", "pass": "{password}"},
    }
