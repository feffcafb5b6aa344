"""What is written into a target file is read back as it was, whatever names a database or an API has."""

import tomllib
from datetime import date, time
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hypercare.init.toml_text import key, quoted, value
from hypercare.recording.flows import as_toml

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.one_of(st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), ANY_TEXT)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner), max_leaves=8)


@given(ANY_TEXT, VALUES)
@example("a b.c", "")
@example("\x7f", 'C:\\new "shop"\r\n')
@example("\U000e0001", "\U0001faea")
def test_what_is_written_is_read_back(name, told):
    assert tomllib.loads(f"{key(name)} = {value(told)}") == {name: told}
    assert tomllib.loads(f"name = {quoted(name)}") == {"name": name}


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ({"table": "link", "record": "sale id"}, '{ table = "link", record = "sale id" }'),
        ({"a b": ["x", {"c": 1}]}, '{ "a b" = ["x", { c = 1 }] }'),
        (["Main", "North"], '["Main", "North"]'),
        (date(2026, 1, 8), "2026-01-08"),
        (time(1, 30), "01:30:00"),
        (True, "true"),
        ([UUID(int=7)], '["00000000-0000-0000-0000-000000000007"]'),
        (Decimal("1.50"), '"1.50"'),
    ],
)
def test_a_value_stands_on_one_line_as_the_documentation_has_it(given, written):
    assert value(given) == written


def test_a_recorded_step_is_read_back_whatever_was_typed():
    steps = [{"fill": "Name", "value": "a\x7fb \\ \U0001faea", "exact": True}]
    assert tomllib.loads(as_toml({"create_sale": steps}, "web", []))["web"]["flow"]["create_sale"] == steps
