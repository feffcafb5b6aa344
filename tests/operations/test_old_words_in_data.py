"""Where nothing is mapped, the words for a sale's kind that the suite had before are as good as those of today."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.operations import plain_schema
from tests.operations.facts import Facts, healthy
from tests.operations.faults_of_work import a_sale_made_to_order_has_no_order
from tests.operations.test_just_right import changed, ended_on, failed

CHECK = "stuck.sales_made_to_order_have_their_order"
OLD = {"stock": "retail", "made_to_order": "studio"}


def as_before(facts: Facts) -> Facts:
    for sale in facts.rows["sale"]:
        sale["kind"] = OLD[sale["kind"]]
    return facts


@pytest.mark.parametrize("words", [None, {"stock": "retail", "made_to_order": "studio"}])
def test_a_sale_made_to_order_is_known_by_the_old_word(words: dict[str, str] | None, tmp_path: Path) -> None:
    mapping = plain_schema.mapping()
    if words is not None:
        mapping["sale"]["values"] = {"kind": words}
    lacking = as_before(changed(a_sale_made_to_order_has_no_order))
    assert failed(ended_on(tmp_path, lacking, CHECK, mapping=mapping)) == {CHECK}
    assert failed(ended_on(tmp_path, as_before(healthy()), CHECK, mapping=mapping)) == set()


def test_a_mapping_that_names_the_words_is_taken_at_its_word(tmp_path: Path) -> None:
    mapping = plain_schema.mapping()
    mapping["sale"]["values"] = {"kind": {"stock": ["retail"], "made_to_order": ["tailored"]}}
    lacking = as_before(changed(a_sale_made_to_order_has_no_order))
    assert failed(ended_on(tmp_path, lacking, CHECK, mapping=mapping)) == set()
