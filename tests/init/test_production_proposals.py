"""From an API's own description: how a production order is read, its steps are moved, and a cost is entered."""

from __future__ import annotations

import copy

import pytest

from hypercare.init.api_operations import operations_of
from hypercare.init.api_verbs import proposed_rest
from hypercare.init.graphql_operations import graphql_operations
from hypercare.init.writing import rest_lines
from hypercare.target_file.sections.rest import RestSection
from tests.init.described_shop import introspected

TEXT, WHOLE = {"type": "string"}, {"type": "integer"}
STAGES = {"type": "string", "enum": ["planned", "begun", "finished"]}


def record(**parts):
    return {"type": "object", "properties": parts, "required": list(parts)}


def rows(**parts):
    return {"type": "array", "items": record(**parts)}


def tells(schema):
    return {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}


def takes(**parts):
    return {"requestBody": {"content": {"application/json": {"schema": record(**parts)}}}, "responses": {"204": {}}}


SALE = {"id": WHOLE, "number": TEXT, "state": {"type": "string", "enum": ["open", "paid", "void"]}, "total": TEXT}
SHEET = record(
    id=WHOLE, serial=TEXT, percent=WHOLE, status={"type": "string", "enum": ["open", "done", "cancelled"]},
    stages=rows(no=WHOLE, stage=TEXT, status=STAGES),
)  # fmt: skip
LINES = rows(description=TEXT, quantity=WHOLE, amount=TEXT)
TAILOR = {
    "paths": {
        "/login": {"post": {**takes(username=TEXT, password=TEXT), **tells(record(token=TEXT))}},
        "/bills/{id}": {"get": tells(record(**SALE, worksheet_id=WHOLE, lines=LINES))},
        "/worksheets/{ws}": {"get": tells(SHEET)},
        "/worksheets/{ws}/stages/{no}": {"put": takes(status=STAGES)},
        "/worksheets/{ws}/spend": {"post": takes(amount=TEXT, what=TEXT)},
    }
}  # fmt: skip


def proposed(operations):
    rest = proposed_rest(operations)
    return rest, RestSection.model_validate(rest.live())


def test_a_step_that_is_moved_by_its_state_is_recognised():
    _, rest = proposed(operations_of(TAILOR))
    assert rest.sale.order == "worksheet_id"
    assert (rest.order.steps, rest.order.number, rest.order.progress) == ("stages", "serial", "percent")
    assert rest.order.states == {"cancelled": ("cancelled",)}
    assert rest.order.step.states == {"waiting": ("planned",), "started": ("begun",), "done": ("finished",)}
    assert rest.order.step.key == "no" and rest.order.step.name == "stage"
    assert rest.read_order[0].path == "/worksheets/{order}"
    told = [(one.verb, one.path, one.body) for one in (rest.start_step[0], rest.finish_step[0], rest.add_cost[0])]
    assert told == [
        ("PUT", "/worksheets/{order}/stages/{step}", {"status": "begun"}),
        ("PUT", "/worksheets/{order}/stages/{step}", {"status": "finished"}),
        ("POST", "/worksheets/{order}/spend", {"amount": "{amount}", "what": "{description}"}),
    ]


def test_a_step_with_an_address_for_each_deed_is_recognised():
    shop = copy.deepcopy(TAILOR)
    del shop["paths"]["/worksheets/{ws}/stages/{no}"]
    nothing = {"responses": {"204": {}}}
    shop["paths"] |= {"/stages/{id}/begin": {"post": nothing}, "/stages/{id}/finish": {"post": nothing}}
    _, rest = proposed(operations_of(shop))
    assert [one.path for one in (*rest.start_step, *rest.finish_step)] == [
        "/stages/{step}/begin",
        "/stages/{step}/finish",
    ]
    assert rest.start_step[0].verb == "POST"


def test_graphql_tells_the_order_s_key_from_the_step_s():
    schema = introspected()["data"]["__schema"]
    types = {one["name"]: one for one in schema["types"]}
    needed = {"kind": "NON_NULL", "name": None, "ofType": {"kind": "SCALAR", "name": "ID", "ofType": None}}
    text = {"kind": "SCALAR", "name": "String", "ofType": None}
    whole = {"kind": "SCALAR", "name": "Int", "ofType": None}
    job = {"kind": "OBJECT", "name": "Job", "ofType": None}
    tasks = {"kind": "LIST", "name": None, "ofType": {"kind": "OBJECT", "name": "Task", "ofType": None}}

    def field(name, kind, **args):
        return {"name": name, "type": kind, "args": [{"name": arg, "type": one} for arg, one in args.items()]}

    types["Dossier"]["fields"].append(field("job", job))
    types["Query"]["fields"].append(field("job", job, id=needed))
    types["Mutation"]["fields"] += [
        field("beginTask", job, jobId=needed, id=needed),
        field("endTask", job, jobId=needed, id=needed),
        field("addExpense", text, jobId=needed, sumCents=whole, text=text),
    ]
    told = [field("id", needed), field("no", text), field("share", whole), field("tasks", tasks)]
    step = [field("id", needed), field("label", text), field("mark", text)]
    schema["types"] += [
        {"name": name, "kind": "OBJECT", "fields": one} for name, one in (("Job", told), ("Task", step))
    ]
    _, rest = proposed(graphql_operations(schema))
    assert rest.sale.order == "job.id"
    assert rest.order.progress_in == "share"
    assert [one.variables for one in (*rest.start_step, *rest.finish_step, *rest.add_cost)] == [
        {"jobId": "{order}", "id": "{step}"},
        {"jobId": "{order}", "id": "{step}"},
        {"sumCents": "{amount}", "jobId": "{order}", "text": "{description}"},
    ]


def test_each_line_says_how_sure_and_why():
    rest, _ = proposed(operations_of(TAILOR))
    heads = [line for line in "\n".join(rest_lines(rest)).splitlines() if line.startswith("[rest.")]
    assert {"read_order", "start_step", "finish_step", "add_cost"} <= {head[6:].partition("]")[0] for head in heads}
    assert all("%: " in head for head in heads)


@pytest.mark.parametrize("what", ["the sale names no order", "a cost asks for more"])
def test_what_nobody_can_know_stays_a_comment(what):
    shop = copy.deepcopy(TAILOR)
    if what == "the sale names no order":
        sale = shop["paths"]["/bills/{id}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        del sale["properties"]["worksheet_id"]
        gone, asked = {"read_order", "start_step", "finish_step", "add_cost"}, "as order in [rest.sale]"
    else:
        shop["paths"]["/worksheets/{ws}/spend"]["post"] = takes(amount=TEXT, cost_centre=TEXT)
        gone, asked = {"add_cost"}, "somebody has to say what cost_centre is"
    rest, section = proposed(operations_of(shop))
    assert all(not getattr(section, verb) for verb in gone)
    assert asked in "\n".join(rest_lines(rest))
