"""What the fields of requests and answers are, by their names and kinds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypercare.init.api_operations import Operation, Part, words_in
from hypercare.init.names import column_says, load_vocabulary
from hypercare.init.words import words_of

_NOTE = {"memo", "note", "notes", "reference", "ref", "comment", "remark", "remarks", "description", "vermerk", "notiz"}
_REASON = {"reason", "why", "cause", "grund"}
_CENTS = {"cents", "cent", "c", "minor", "pence"}
_TOTAL = {"sum", "total", "amount", "grand", "gross"}
_METHOD = {"method", "how", "means", "mode", "tender"}
_IDS = ("id", "uuid", "key", "guid")
_LEAST = 0.5
# What a branch is called by, the likeliest first.
CODES = ("code", "short", "number", "name", "id")


def fits(name: str, entity: str, field: str, about: str = "") -> float:
    """How well a field's name says a field of ours, 0 to 1."""
    patterns = load_vocabulary().fields.get((entity, field), ())
    return column_says(name, about, patterns)


def is_note(part: Part) -> bool:
    return part.kind in {"text", "unknown"} and bool(words_in(part.name) & _NOTE)


def is_reason(part: Part) -> bool:
    return bool(words_in(part.name) & _REASON)


def is_cents(part: Part) -> bool:
    return part.kind == "whole" and bool(words_in(part.name) & _CENTS)


def is_branch(part: Part) -> bool:
    """A branch, or the code of one."""
    bare = part.name.removesuffix("_code").removesuffix("Code")
    return fits(bare, "sale", "branch") > _LEAST


def is_total(part: Part) -> bool:
    plain = part.kind in {"number", "whole", "text", "unknown"} and not part.parts
    return plain and (
        is_cents(part) or bool(words_in(part.name) & _TOTAL) or fits(part.name, "payment", "amount") > _LEAST
    )


def is_method(part: Part) -> bool:
    return bool(words_in(part.name) & _METHOD) or fits(part.name, "payment", "method") > _LEAST


def record_of(answer: Part) -> tuple[Part, str]:
    """The record in an answer, and where it stands: itself, or the only record within it."""
    inner = [one for one in answer.parts if one.kind == "record" and one.parts]
    plain = [one for one in answer.parts if one.kind not in {"record", "list"}]
    if answer.kind == "record" and len(inner) == 1 and len(plain) <= 1:
        return inner[0], inner[0].name
    return answer, ""


def list_in(answer: Part) -> tuple[Part, str] | None:
    """The list in an answer, and where it stands; None where there is none."""
    if answer.kind == "list":
        return answer, ""
    for one in answer.parts:
        if one.kind == "list" and one.parts:
            return one, one.name
        inner = next((two for two in one.parts if two.kind == "list" and two.parts), None)
        if one.kind == "record" and inner is not None:
            return inner, f"{one.name}.{inner.name}"
    return None


def key_of(record: Part, prefer: Sequence[str] = ()) -> str:
    names = [one.name for one in record.parts]
    return next((name for name in (*prefer, *_IDS) if name in names), names[0] if names else "id")


def best(record: Part, entity: str, field: str, about: str = "") -> Part | None:
    """The plain field of a record that says a field of ours best."""
    plain = [one for one in record.parts if one.kind not in {"list", "record"}]
    scored = [(fits(one.name, entity, field, about), -n, one) for n, one in enumerate(plain)]
    found = max(scored, default=(0.0, 0, None), key=lambda one: one[:2])
    return found[2] if found[0] > _LEAST else None


def sale_shape(operation: Operation) -> tuple[dict[str, Any], str]:
    """[rest.sale] as a reading's answer tells it, and how its money is written."""
    record, _ = record_of(operation.answer)
    shape: dict[str, Any] = {"key": key_of(record, operation.keys)}
    total = best(record, "sale", "total", operation.resource) or next(
        (one for one in record.parts if is_total(one)), None
    )
    for field in ("number", "state"):
        part = best(record, "sale", field, operation.resource)
        if part is not None:
            shape[field] = part.name
            if field == "state" and part.words:
                shape["states"] = words_of("sale", "state", part.words).of
    if total is not None:
        shape["total"] = total.name
    note = next((one for one in record.parts if is_note(one)), None)
    if note is not None:
        shape["reference"] = note.name
    branch = _branch_in(record)
    if branch:
        shape["branch"] = branch
    shape |= _rows_in(record)
    return shape, "number" if total is None else money_of(total)


def money_of(total: Part) -> str:
    return "text" if total.kind == "text" else "cents" if is_cents(total) else "number"


def _branch_in(record: Part) -> str:
    for one in record.parts:
        if not is_branch(one):
            continue
        code = next((two for two in CODES if two in {part.name for part in one.parts}), "")
        return one.name + ("[]" if one.kind == "list" and code else "") + (f".{code}" if code else "")
    return ""


def _rows_in(record: Part) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in record.parts:
        if one.kind != "list" or not one.parts:
            continue
        quantity = best(one, "sale_line", "quantity") or next((p for p in one.parts if p.name in _PIECES), None)
        amount = best(one, "sale_line", "amount") or next((p for p in one.parts if is_total(p)), None)
        if quantity is not None and amount is not None and "lines" not in found:
            found["lines"] = one.name
            found["line"] = {"description": _text_in(one), "quantity": quantity.name, "amount": amount.name}
        elif amount is not None and (method := next((p for p in one.parts if is_method(p)), None)) is not None:
            found["payments"] = one.name
            found["payment"] = {"method": method.name, "amount": amount.name}
    return found


def _text_in(row: Part) -> str:
    """Where a line says what was sold: a text of its own, or one of the record that it names."""
    for one in row.parts:
        if one.kind == "text" and one.name not in _IDS:
            return one.name
        inner = next((two.name for two in one.parts if two.name in {"label", "name", "title", "description"}), "")
        if inner:
            return f"{one.name}.{inner}"
    return "description"


_PIECES = {"qty", "pieces", "count", "quantity", "n"}


def lines_parameter(operation: Operation) -> Part | None:
    """The list of lines that a request takes."""
    lists = [one for one in operation.parameters if one.kind == "list" and one.parts]
    return next((one for one in lists if any(is_quantity(part) for part in one.parts)), None)


def is_quantity(part: Part) -> bool:
    return part.name in _PIECES or fits(part.name, "sale_line", "quantity") > _LEAST
