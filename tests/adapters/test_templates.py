"""Templates and numbers: what is sent and read is exact to the cent, whatever way a system writes it."""

from decimal import Decimal

import pytest

from hypercare.clients.number_parsing import amount_shown, number_shown
from hypercare.clients.value_mapping import ours, theirs
from hypercare.target_file.expression import found
from hypercare.target_file.template import Writing, filled, path_filled

VALUES = {"total": Decimal("1234.50"), "quantity": Decimal(3), "key": "42", "name": "a/b ?ü", "lines": [1, 2]}


@pytest.mark.parametrize(
    ("money", "template", "sent"),
    [
        ("cents", "{total}", 123450),
        ("number", "{total}", 1234.5),
        ("text", "{total}", "1234.50"),
        ("text", "{total:cents}", 123450),
        ("cents", "{quantity}", 3),
        ("cents", "{quantity:text}", "3"),
        ("cents", "{key}", "42"),
        ("cents", "{key:number}", 42),
        ("cents", ["{lines}", {"of": "no {key} {{x}}"}], [[1, 2], {"of": "no 42 {x}"}]),
        ("cents", "{lines}", [1, 2]),
    ],
)
def test_what_is_sent(money, template, sent):
    assert filled(template, VALUES.get, Writing(money)) == sent


def test_addresses_are_escaped():
    assert path_filled("/x/{name}?y={key}", VALUES.get, Writing()) == "/x/a%2Fb%20%3F%C3%BC?y=42"


@pytest.mark.parametrize(
    ("money", "came", "is_"), [("cents", 333, "3.33"), ("number", 26.7, "26.70"), ("text", "0.10", "0.10")]
)
def test_what_comes_is_exact(money, came, is_):
    assert str(Writing(money).read(came)) == is_


@pytest.mark.parametrize("came", [None, True, "twelve", "NaN", [1]])
def test_what_is_no_amount_is_told(came):
    with pytest.raises(ValueError, match="is not an amount"):
        Writing().read(came)


@pytest.mark.parametrize(
    ("text", "mark", "is_"),
    [
        ("−€1,234.50", ".", "-1234.50"),
        ("1.234,50 €", ",", "1234.50"),
        ("CHF 1'234.50", ".", "1234.50"),
        ("1 234,50 kr", ",", "1234.50"),
        ("(12.00)", ".", "-12.00"),
        ("-0,01 €", ",", "-0.01"),
        ("Total: 7.", ".", "7"),
    ],
)
def test_amounts_are_read_as_people_read_them(text, mark, is_):
    assert amount_shown(text, mark) == Decimal(is_)


def test_a_text_without_a_number_is_told():
    with pytest.raises(ValueError, match="no number"):
        number_shown("free")


def test_words_go_both_ways():
    words = {"final": ("PAID", "SHIPPED"), "void": ("true",)}
    assert (theirs(words, "final"), theirs(words, "draft")) == ("PAID", "draft")
    assert (ours(words, "shipped"), ours(words, True), ours(words, "OPEN")) == ("final", "void", None)


def test_an_expression_that_does_not_fit_is_told_in_one_line():
    with pytest.raises(ValueError, match=r"'length\(a\)' does not fit what came"):
        found("length(a)", {"a": None})
