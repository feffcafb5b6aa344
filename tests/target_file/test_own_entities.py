"""Entities of one's own are declared strictly: what cannot be is one line, with the nearest right word."""

from pathlib import Path

import pytest

from hypercare.target_file.entities import Kind
from hypercare.target_file.loading import TargetFileProblem, load_target

LEAST = """[target]
name = "Corner Shop"

[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08

"""
INVOICE = """[entities.invoice]
fields = { number = "text", customer = "customer", total = "money", state = ["open", "paid"], due_at = "instant" }
"""


def loaded(folder: Path, text: str):
    path = folder / "target.toml"
    path.write_text(LEAST + text)
    return load_target(path)


def test_the_short_forms_say_what_the_long_ones_do(tmp_path):
    long = """[entities.invoice.fields]
number = { type = "text" }
customer = { type = "reference", to = "customer" }
total = { type = "money" }
state = { type = "state", words = ["open", "paid"] }
due_at = { type = "instant" }
"""
    short, written_out = loaded(tmp_path, INVOICE), loaded(tmp_path, long)
    assert short.entities == written_out.entities
    definitions = short.mapping.definitions
    assert definitions.fields["invoice"] == {
        "id": Kind.KEY,
        "number": Kind.TEXT,
        "customer": Kind.KEY,
        "total": Kind.MONEY,
        "state": Kind.STATE,
        "due_at": Kind.INSTANT,
    }
    assert definitions.words["invoice", "state"] == ("open", "paid")
    assert definitions.refers_to("invoice", "customer") == "customer"


def test_a_built_in_entity_keeps_its_fields_and_gets_more(tmp_path):
    config = loaded(tmp_path, '[entities.sale]\nfields = { warehouse = "text" }\n')
    fields = config.mapping.definitions.fields["sale"]
    assert (fields["warehouse"], fields["total"]) == (Kind.TEXT, Kind.MONEY)
    assert config.mapping.definitions.own_entities() == ()


def test_own_entities_are_mapped_as_the_built_in_ones_are(tmp_path):
    mapping = """[mapping.invoice]
table = "bills"
columns = { id = "id", total = { column = "sum", money = "cents" }, state = "s" }
values.state = { open = ["O", "P"], paid = "B" }
where = "not deleted"
"""
    mapped = loaded(tmp_path, INVOICE + mapping).mapping.mapped_entities()["invoice"]
    assert (mapped.table, mapped.columns["total"].column, mapped.values["state"]["paid"]) == ("bills", "sum", ("B",))


def test_what_an_adapter_brings_and_a_file_adds_is_together_one_mapping(tmp_path):
    text = '[target]\nname = "x"\nadapter = "demo"\n[business]\ntimezone = "UTC"\ngo_live = 2026-01-08\n'
    text += '[entities.sale]\nfields = { warehouse = "text" }\n[mapping.sale.columns]\nwarehouse = "store"\n'
    path = tmp_path / "target.toml"
    path.write_text(text)
    sale = load_target(path).mapping.sale
    assert sale.columns["warehouse"].column == "store"
    assert sale.columns["total"].column


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ('total = "mony"', "fields.total': 'mony' is neither a type nor an entity; did you mean 'money'?"),
        (
            'customer = "custmer"',
            "fields.customer': 'custmer' is neither a type nor an entity; did you mean 'customer'?",
        ),
        ('x = "qqq"', "fields.x': 'qqq' is neither a type nor an entity; types are text, number, money, instant"),
        ('x = "membership"', "fields.x': membership has no id that could be referred to"),
        ('id = "text"', "fields.id': the id of an entity is a key, and need not be declared"),
        ('branch = "text"', 'fields.branch\': it is the branch that a record belongs to: branch = "branch"'),
        ('"Due on" = "day"', "fields.Due on': the name of a field is made of small letters, digits and _"),
        ('x = { type = "mony" }', "fields.x.type': Input should be 'text', 'number', 'money'"),
        ('x = { type = "reference" }', "fields.x': a reference, and nothing else, says to which entity"),
        ('x = { type = "text", to = "sale" }', "fields.x': a reference, and nothing else, says to which entity"),
        ('x = { type = "text", words = ["a"] }', "fields.x': only a state has words of its own"),
        ('x = ["a", "a"]', "fields.x': the words of a state differ from each other"),
        ('x = { type = "text", personl = true }', "fields.x.personl'; did you mean 'personal'?"),
    ],
)
def test_a_field_that_cannot_be_is_said_in_one_line(tmp_path, fields, says):
    with pytest.raises(TargetFileProblem) as problem:
        loaded(tmp_path, f"[entities.invoice]\nfields = {{ {fields} }}\n")
    assert "\n" not in str(problem.value)
    assert "line 9: " in str(problem.value)
    assert f"entities.invoice.{says}" in str(problem.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            '[entities.sale]\nfields = { total = "text" }',
            "entities.sale.fields.total': sale has a field 'total' already",
        ),
        ('[entities.money]\nfields = { x = "text" }', "entities.money': [mapping] has a key 'money' already"),
        ('[entities.text]\nfields = { x = "text" }', "entities.text': 'text' is a type of fields"),
        ('[entities.Invoice]\nfields = { x = "text" }', "entities.Invoice': the name of an entity is made of small"),
        (
            '[entities.invoice]\nfeilds = { x = "text" }',
            "unknown key 'entities.invoice.feilds'; did you mean 'fields'?",
        ),
        ("[entities.invoice]\nfields = {}", "entities.invoice.fields': Dictionary should have at least 1 item"),
    ],
)
def test_an_entity_that_cannot_be_is_said_in_one_line(tmp_path, text, says):
    with pytest.raises(TargetFileProblem) as problem:
        loaded(tmp_path, f"{text}\n")
    assert "\n" not in str(problem.value)
    assert says in str(problem.value)


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ('[mapping.invoise]\ntable = "i"\n', "line 10: unknown key 'mapping.invoise'; did you mean 'invoice'?"),
        ('[mapping.sael]\ntable = "i"\n', "line 10: unknown key 'mapping.sael'; did you mean 'sale'?"),
        ('[mapping]\nzoen = "UTC"\n', "line 11: unknown key 'mapping.zoen'; did you mean 'zone'?"),
        (
            '[mapping.tank]\ntable = "i"\n',
            "line 10: unknown key 'mapping.tank'; an entity of your own is declared as [entities.tank]",
        ),
        (
            '[mapping.invoice]\ntable = "i"\ncolumns = { totl = "x" }\n',
            "invoice.columns has no 'totl'; did you mean 'total'?",
        ),
        (
            '[mapping.invoice]\ntable = "i"\ncolumns = { state = "x" }\nvalues.state = { opne = "o" }\n',
            "invoice.values.state has no 'opne'; did you mean 'open'?",
        ),
        (
            '[mapping.invoice]\ntable = "i"\ncolumns = ["id"]\nbranches = { table = "t", record = "r", branch = "b"}\n',
            'invoice.branches needs a branch: add branch = "branch" to [entities.invoice] fields',
        ),
    ],
)
def test_a_mapping_of_what_is_not_declared_is_said_in_one_line(tmp_path, mapping, says):
    with pytest.raises(TargetFileProblem) as problem:
        loaded(tmp_path, INVOICE + mapping)
    assert "\n" not in str(problem.value)
    assert says in str(problem.value)
