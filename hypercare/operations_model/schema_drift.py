"""What the mapping names and the database does not have: a release that renamed a table or a column under us.

It concerns the checks that need just that, and no other; so it is looked for field by field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from hypercare.database.database import Database
from hypercare.database.trouble import TABLE_MISSING, NoSuchColumn
from hypercare.operations_model.selection import selection
from hypercare.outcome.finding import Finding
from hypercare.outcome.signals import ChannelDown, CheckFailed, MonitorFault, NotCovered, Signal
from hypercare.target_file.mapping import EntityMapping

# How findings are known that say so.
CAUSES = frozenset({TABLE_MISSING, "column-missing", "view-broken"})
_REMEDY_OF_VIEW = "Mend the view, which the last release may have forgotten."


def fields_gone(database: Database, entity: str, mapping: EntityMapping) -> Mapping[str, Signal]:
    """The fields that cannot be asked for, each with what to raise where it is needed; empty when all can.

    Raises:
        CheckFailed: the whole entity cannot be asked for: its table or its view is gone.
        MonitorFault: its select or its `where` is not understood.
        ChannelDown: there is no answer to be had.
    """
    trouble = database.trouble_with(selection(mapping))
    if trouble is None:
        return {}
    if isinstance(trouble, ChannelDown):
        raise trouble
    whole = database.trouble_with(selection(mapping, ()))
    if whole is not None:
        raise _of_the_entity(entity, mapping, whole)
    found = {field: database.trouble_with(selection(mapping, (field,))) for field in mapping.columns}
    return {field: _of_the_field(entity, mapping, field, one) for field, one in found.items() if one is not None}


def gone_in_words(gone: Mapping[str, Signal]) -> tuple[str, str]:
    """All of it as one sentence, and what to do about the first."""
    advice = [(one.finding.sentence, one.finding.next_step) for one in gone.values() if isinstance(one, CheckFailed)]
    advice += [(one.reason, one.remedy) for one in gone.values() if isinstance(one, MonitorFault | NotCovered)]
    return " ".join(sentence for sentence, _ in advice), advice[0][1] if advice else ""


def _of_the_field(entity: str, mapping: EntityMapping, field: str, trouble: Signal) -> Signal:
    if not isinstance(trouble, NoSuchColumn):
        return trouble
    column, place = mapping.columns[field].column or trouble.named, _place(entity, mapping)
    return CheckFailed(
        Finding(
            sentence=f"The column {column}, which the target file names, is not in {place}.",
            cause="column-missing",
            where=f"{place}, column {column}",
            next_step=f"If a release renamed it, correct {field} in [mapping.{entity}] columns; if it was lost, "
            "bring it back.",
            detail=trouble.reason,
        )
    )


def _of_the_entity(entity: str, mapping: EntityMapping, trouble: Signal) -> Signal:
    place = _place(entity, mapping)
    if isinstance(trouble, CheckFailed) and trouble.finding.cause == TABLE_MISSING:
        return CheckFailed(replace(trouble.finding, where=place))
    if not isinstance(trouble, NoSuchColumn):
        return trouble
    is_view = mapping.table is not None and mapping.where is None
    says = "cannot be read: it is a view of" if is_view else "cannot be read: the target file asks it for"
    return CheckFailed(
        Finding(
            sentence=f"{place[0].upper()}{place[1:]} {says} a column {trouble.named}, which is not there.",
            cause="column-missing",
            where=place,
            next_step=_REMEDY_OF_VIEW if is_view else f"If a release renamed the column, correct [mapping.{entity}].",
            detail=trouble.reason,
        )
    )


def _place(entity: str, mapping: EntityMapping) -> str:
    return f"table {mapping.table}" if mapping.table else f"the select of {entity}"


@contextmanager
def left_out_if_gone() -> Iterator[None]:
    """Leave out what is gone from the database: the checks of those records tell of it."""
    try:
        yield
    except CheckFailed as failed:
        if failed.finding.cause not in CAUSES:
            raise
