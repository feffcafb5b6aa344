"""From what an API says of itself to its doors: which verb on which records."""

from __future__ import annotations

import pytest

from hypercare.branch_isolation.described_operations import described_operations
from hypercare.branch_isolation.matrix import Verb
from hypercare.outcome.signals import NotCovered

Q = {"name": "q", "in": "query"}


def doors_of(path, method="get", base="", **operation):
    return described_operations({"openapi": "3.0.0", "paths": {path: {method: operation}}}, base)


@pytest.mark.parametrize(
    ("method", "path", "verb", "entity"),
    [
        ("get", "/invoices", Verb.LIST, "invoices"),
        ("get", "/crm/clients/{uuid}", Verb.READ, "clients"),
        ("get", "/invoices/{id}/lines", Verb.READ, "lines"),
        ("get", "/invoices/export", Verb.EXPORT, "invoices"),
        ("get", "/invoices.csv", Verb.EXPORT, "invoices"),
        ("get", "/invoices/{id}/pdf", Verb.EXPORT, "invoices"),
        ("get", "/invoices/{id}.pdf", Verb.EXPORT, "invoices"),
        ("get", "/stock-moves", Verb.LIST, "stock-moves"),
        ("get", "/transfer", Verb.LIST, "transfer"),
        ("get", "/reports/invoices", Verb.REPORT, "invoices"),
        ("get", "/invoices/statistics", Verb.REPORT, "invoices"),
        ("patch", "/invoices/{id}", Verb.CHANGE, "invoices"),
        ("put", "/invoices/{id}", Verb.CHANGE, "invoices"),
        ("delete", "/invoices/{id}", Verb.DELETE, "invoices"),
        ("post", "/invoices/{id}/lines", Verb.CREATE, "lines"),
        ("post", "/invoices/{id}/approve", Verb.CHANGE, "invoices"),
        ("post", "/invoices/{id}/void", Verb.DELETE, "invoices"),
        ("post", "/invoices/{id}:void", Verb.DELETE, "invoices"),
        ("delete", "/invoices/{id}/lines/{line}", Verb.DELETE, "lines"),
    ],
)
def test_an_operation_is_a_verb_on_a_kind_of_record(method, path, verb, entity):
    (door,) = doors_of(path, method)
    assert (door.verb, door.entity, door.untried) == (verb, entity, "")


def test_a_list_that_can_be_searched_is_two_doors():
    found = doors_of("/invoices", parameters=[Q])
    assert [(door.verb, door.words_in) for door in found] == [(Verb.LIST, ""), (Verb.SEARCH, "q")]


def test_a_list_that_can_be_asked_for_a_branch_is_asked_so_as_well():
    found = doors_of("/invoices", parameters=[{"name": "branch", "in": "query"}])
    assert [door.words for door in found] == ["GET /invoices", "GET /invoices?branch="]


def test_a_search_over_everything_is_a_door_to_each_kind_that_it_finds():
    records = {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "string"}}}}
    schema = {"type": "object", "properties": {"invoices": records, "clients": records}}
    answer = {"200": {"content": {"application/json": {"schema": schema}}}}
    found = doors_of("/search", parameters=[{**Q, "required": True}], responses=answer)
    assert [(door.verb, door.entity, door.list_name) for door in found] == [
        (Verb.SEARCH, "invoices", "invoices"),
        (Verb.SEARCH, "clients", "clients"),
    ]


@pytest.mark.parametrize(
    ("method", "path", "why"),
    [
        ("post", "/invoices", "no canary holds it"),
        ("post", "/invoices/{id}/send", "reaches people outside"),
        ("post", "/invoices/{id}/refund", "reaches people outside"),
        ("get", "/invoices/{id}/approve", "does something"),
        ("get", "/invoices/recalculate", "does something"),
        ("get", "/recalculate/invoices", "does something"),
        ("get", "/invoices.void", "does something"),
        ("get", "/invoices/{id}:void", "does something"),
        ("get", "/invoices/{id}/markAsPaid", "does something"),
        ("get", "/invoices/{id}/auto-approve", "does something"),
        ("put", "/invoices/{id}/send", "reaches people outside"),
        ("patch", "/invoices/{id}/sendByMail", "reaches people outside"),
        ("post", "/invoices/{id}/mail/receipt", "reaches people outside"),
    ],
)
def test_what_would_do_harm_is_left_alone_and_says_why(method, path, why):
    (door,) = doors_of(path, method)
    assert why in door.untried


def test_an_address_that_the_description_repeats_is_left_out():
    (door,) = doors_of("/api/v1/invoices", base="/api/v1/")
    assert door.path == "/invoices"


def test_references_and_swagger_are_understood():
    document = {
        "swagger": "2.0",
        "parameters": {"words": {"name": "query", "in": "query", "type": "string"}},
        "paths": {"/invoices": {"get": {"parameters": [{"$ref": "#/parameters/words"}]}}},
    }
    assert [door.verb for door in described_operations(document, "")] == [Verb.LIST, Verb.SEARCH]


@pytest.mark.parametrize("document", [None, [], {}, {"paths": None}, "text"])
def test_what_is_no_description_is_not_covered(document):
    with pytest.raises(NotCovered):
        described_operations(document, "")
