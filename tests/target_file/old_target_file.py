"""One target file as it was written before keys were renamed, and as it is written today."""

from __future__ import annotations

from hypercare.target_file.renamed_keys import RENAMED

_FILE = """[target]
name = "Corner Shop"

[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08

[web]
url = "https://shop.example.com/"
{web.within} = "11s"

[web.flow]
kinds = {{ {web.flow.kinds.retail} = "Counter", {web.flow.kinds.studio} = "Measured" }}

[mobile]
url = "https://shop.example.com/m"
{mobile.within} = "12s"
handshake = {{ name = "hello", path = "/hello", {mobile.handshake.within} = "13s" }}

[mobile.flow]
kinds = {{ {mobile.flow.kinds.retail} = "Counter", {mobile.flow.kinds.studio} = "Measured" }}

[api]
url = "https://shop.example.com/api"
{api.within} = "14s"

[[api.endpoints]]
name = "health"
path = "/health"

[[api.endpoints]]
name = "stock"
path = "/stock"
{api.endpoints.within} = "15s"

[[api.endpoints]]
name = "sales"
path = "/sales"
{api.endpoints.within} = "16s"

[database]
url = "sqlite:///shop.sqlite"
{database.within} = "17s"

[backups]
directory = "night"
{backups.within} = "18m"

[heartbeat]
{heartbeat.within} = "19s"

[probe]
{probe.within} = "2s"
{probe.patience} = "21s"

[canary]
products = {{ {canary.products.retail} = "A", {canary.products.studio} = "B" }}

[rest]
kinds = {{ {rest.kinds.retail} = 1, {rest.kinds.studio} = 2 }}
log_in = {{ kind = "form", path = "/session" }}

[mapping.sale]
table = "sales"
columns = {{ id = "id", kind = "sort" }}
values.kind = {{ {mapping.sale.values.kind.retail} = "counter", {mapping.sale.values.kind.studio} = "measured" }}

[mapping.agreed]
holds = [{checks}, "totals_are_the_sum_of_the_lines"]
"""
_KEYS = [one for one in RENAMED if not one.value_of]
_CHECKS = [one for one in RENAMED if one.value_of]


def _written(name: str) -> str:
    text = _FILE.replace("{checks}", ", ".join(f'"{getattr(one, name)}"' for one in _CHECKS))
    for one in _KEYS:
        place = "{" + f"{one.section}.{one.old}" + "}"
        assert place in text, f"the old file lacks {place}"
        text = text.replace(place, getattr(one, name))
    return text.replace("{{", "{").replace("}}", "}")


OLD, NEW = _written("old"), _written("new")
