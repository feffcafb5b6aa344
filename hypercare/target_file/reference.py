"""The reference of the target file, written from its model: `python -m hypercare.target_file.reference`."""

from __future__ import annotations

import inspect
import json
import types
import typing
from collections.abc import Iterator
from datetime import date, time, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from hypercare.target_file.allowed_request import AllowedRequest
from hypercare.target_file.config import (
    Account,
    Endpoint,
    TargetConfig,
)
from hypercare.target_file.duration import written_duration
from hypercare.target_file.expression import check_expression, check_pattern
from hypercare.target_file.section import Expression, Later, Pattern, Words, model_of, one_or_more
from hypercare.target_file.sections.branch_isolation import DatabaseRole
from hypercare.target_file.sections.branch_lists import BranchList
from hypercare.target_file.sections.business import ClosedDay, OpeningHours, PublicHolidays
from hypercare.target_file.sections.escalation import EscalationLevel
from hypercare.target_file.sections.exceptions import AgreedException
from hypercare.target_file.sections.incidents import OnCall
from hypercare.target_file.sections.log_sources import JournaldSection, LokiSection, SentrySection
from hypercare.target_file.sections.logs import KnownError, LogRule, LogSource
from hypercare.target_file.sections.notify import HoursOfDay, NotifyRoute
from hypercare.target_file.sections.serve import ServeUser
from hypercare.target_file.sections.uptime import MaintenanceWindow

PAGE = Path("docs/target-file.md")
SCHEMA = Path("docs/target.schema.json")

_INTRODUCTION = """# The target file

One TOML file a system: where it is, who may log in, what is kept for trials, and how its tables are the business's own
words. This page is written from the model that checks the file, so it is never older than the program; an editor that
knows [target.schema.json](target.schema.json) completes the keys.

A wrong key is refused with its line and the nearest right one. Durations are written `"500ms"`, `"2s"`, `"15m"`,
`"1h30m"`, `"2d"`. Relative paths are meant from the folder of the file. A secret is never written into the file but
referred to: `{ env = "NAME" }`, `{ file = "path" }` or `{ file = "secrets.json", key = "name" }`.

A key that was renamed is read by its old name for one more version: at the start of a round, on standard error of a
command and in `hypercare doctor` a line says what it is called now, and nothing else changes. Both names at once are
refused.

An adapter brings settings of its own, over which the file's are laid table by table; see `defaults.toml` and
`mapping.toml` in `hypercare/adapters/demo/` for a complete example.
"""
_LISTS: dict[str, type[BaseModel]] = {
    "[[web.allow]] and [[mobile.allow]]": AllowedRequest,
    "[[business.hours]]": OpeningHours,
    "[[business.closed]]": ClosedDay,
    "[[business.public_holidays]]": PublicHolidays,
    "[[api.endpoints]] and [mobile.handshake]": Endpoint,
    "[[api.branch_lists]]": BranchList,
    "[[logs]]": LogSource,
    "[logs.journald]": JournaldSection,
    "[logs.loki]": LokiSection,
    "[logs.sentry]": SentrySection,
    "[[log_rules]]": LogRule,
    "[[exceptions]]": AgreedException,
    "[[known_errors]]": KnownError,
    "[[accounts]]": Account,
    "[escalation.L1], [escalation.L2], [escalation.L3]": EscalationLevel,
    "[[branch_isolation.database_roles]]": DatabaseRole,
    "[[escalation.L1.on_call]]": OnCall,
    "[[notify]]": NotifyRoute,
    "[[maintenance]]": MaintenanceWindow,
    "[[serve.users]]": ServeUser,
}
_ELSEWHERE = {
    "accounts",
    "logs",
    "known_errors",
    "log_rules",
    "exceptions",
    "escalation",
    "entities",
    "mapping",
    "rest",
    "notify",
    "maintenance",
}


def reference_page() -> str:
    """The whole page as Markdown."""
    parts = [_INTRODUCTION]
    for name, field in TargetConfig.model_fields.items():
        model = model_of(field)
        if model is not None and name not in _ELSEWHERE:
            parts.append(_section(f"[{name}]", model))
    parts += [_section(title, model) for title, model in _LISTS.items()]
    parts += list(_declared())
    parts += list(_mapping())
    return "\n".join(parts)


def schema_text() -> str:
    return json.dumps(TargetConfig.model_json_schema(), indent=1) + "\n"


def _declared() -> Iterator[str]:
    from hypercare.target_file.sections import flow as flow_section
    from hypercare.target_file.sections import rest as rest_section
    from hypercare.target_file.sections import rest_request

    request = set(rest_request.Request.model_fields)
    yield _section("[rest]", rest_section.RestSection)
    yield _section("[rest.VERB] or [[rest.VERB]]", rest_request.Request)
    yield _section("[rest.VERB.pages]", rest_request.Pages)
    for title, model in (
        ("[rest.log_in], besides what every request has", rest_request.LogIn),
        ("[rest.who], besides what every request has", rest_request.WhoRequest),
        ("[rest.lookup.NAME], besides what every request has", rest_request.Lookup),
    ):
        yield _section(title, model, without=request)
    yield _section("[rest.sale] and [rest.sale_in_list]", rest_section.SaleShape)
    yield _section("[rest.sale.line]", rest_section.LineShape)
    yield _section("[rest.sale.payment]", rest_section.PaymentShape)
    yield _section("[rest.order]", rest_section.OrderShape)
    yield _section("[rest.order.step]", rest_section.StepShape)
    yield _section("[web.flow] and [mobile.flow]", flow_section.FlowSection)
    yield _section("[[web.flow.VERB]]", flow_section.FlowStep)


def _mapping() -> Iterator[str]:
    from hypercare.target_file import mapping, own_entities
    from hypercare.target_file.entities import ENTITIES, FURTHER_WORDS, VOCABULARY

    yield _section("[entities.NAME]", own_entities.OwnEntity)
    yield _section("A field given as a table: fields.FIELD = { ... }", own_entities.OwnField)
    yield _section("[mapping]", mapping.MappingConfig, without=set(ENTITIES))
    yield _section("[mapping.ENTITY]", mapping.EntityMapping)
    yield _section("[mapping.ENTITY.branches]", mapping.BranchLinks)
    yield _section("A field given as a table: columns.FIELD = { ... }", mapping.ColumnMapping)
    yield _section("[[mapping.agreed.references]]", mapping.AgreedReference)
    yield _section("[[mapping.agreed.rules]]", mapping.AgreedRule)
    yield _section("[[mapping.expected_jobs]]", mapping.ExpectedJob)
    yield "## Entities and their fields\n"
    yield "| entity | fields |\n|---|---|"
    for entity, fields in ENTITIES.items():
        yield f"| `{entity}` | {', '.join(f'{field} ({kind.value})' for field, kind in fields.items())} |"
    yield "\nFields that speak in words of ours:\n"
    yield "| field | words |\n|---|---|"
    for (entity, field_name), words in VOCABULARY.items():
        yield f"| `{entity}.{field_name}` | {', '.join(words)} |"
    yield _FURTHER_WORDS
    yield "| field | word | means |\n|---|---|---|"
    for (entity, field_name), meanings in FURTHER_WORDS.items():
        for word, meaning in meanings.items():
            yield f"| `{entity}.{field_name}` | {word} | {meaning} |"
    yield ""


_FURTHER_WORDS = """
Fields in which some words mean something to us. `values` gives theirs for each of these; what has no word there is left
as it is, and a check that needs a word that is not given is not covered. All other fields of text are shown or compared
with each other in the system's own words: so is `payment.method` (what was paid is compared in sum, and what was given
back is a payment with a negative amount), and nothing asks for `activity.entity`.
"""


# What pydantic takes apart: a plain text by its type, but not for whoever writes it.
_NAMED: dict[Any, str] = {
    Expression: "JMESPath",
    Pattern: "pattern",
    Words: "text or list of text",
    HoursOfDay: 'hours, `"07:00-20:00"`',
}
_CHECKED_BY: dict[Any, str] = {check_expression: "JMESPath", check_pattern: "pattern"}


def _section(title: str, model: type[BaseModel], *, without: set[str] = frozenset()) -> str:  # type: ignore[assignment]
    about = inspect.getdoc(model) or ""
    own = about if "arbitrary_types_allowed" not in about and about != inspect.getdoc(BaseModel) else ""
    lines = [f"## {title}\n", *([own + "\n"] if own else []), "| key | value | when left out |", "|---|---|---|"]
    for name, field in model.model_fields.items():
        if name not in without:
            described = f"; {field.description}" if field.description else ""
            lines.append(f"| `{name}` | {_kind_of(field)}{described} | {_default(field)} |")
    return "\n".join(lines) + "\n"


def _kind_of(field: FieldInfo) -> str:
    """The same for a field, whose marks pydantic keeps apart from its type."""
    if any(isinstance(mark, Later) for mark in field.metadata):
        return "table"
    checks = [getattr(mark, "func", None) for mark in field.metadata]
    named = next((_CHECKED_BY[check] for check in checks if check in _CHECKED_BY), None)
    kind = named or _kind(field.annotation)
    return f"{kind.removeprefix('list of ')} or {kind}" if one_or_more in checks else kind


def _kind(annotation: Any) -> str:
    """A type in the words of somebody who writes TOML."""
    origin = typing.get_origin(annotation)
    arguments = [argument for argument in typing.get_args(annotation) if argument not in {type(None), ...}]
    if origin in {typing.Union, types.UnionType}:
        return " or ".join(dict.fromkeys(_kind(argument) for argument in arguments))
    if origin is typing.Annotated and any(isinstance(mark, Later) for mark in annotation.__metadata__):
        return "table"
    if origin is typing.Annotated:
        return _NAMED.get(annotation) or _kind(typing.get_args(annotation)[0])
    if origin is typing.Literal:
        return ", ".join(f'`"{argument}"`' for argument in arguments)
    if origin is tuple:
        return f"list of {_kind(arguments[0])}"
    if origin is dict:
        return f"table of {_kind(arguments[1])}"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return ", ".join(f'`"{member.value}"`' for member in annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "secret" if annotation.__name__ == "SecretReference" else "table"
    words = {str: "text", int: "whole number", float: "number", bool: "true or false", Path: "path", date: "date"}
    return {**words, time: 'time of day, `"09:00"`', timedelta: "duration"}.get(annotation, "value")


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is PydanticUndefined:
        return "needed"
    if value is None or value in ((), {}, ""):
        return ""
    if isinstance(value, timedelta):
        return f"`{written_duration(value)}`"
    if isinstance(value, BaseModel | dict):
        return "as below"
    if isinstance(value, tuple):
        return ", ".join(f"`{member}`" for member in value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


if __name__ == "__main__":
    PAGE.write_text(reference_page(), encoding="utf-8")
    SCHEMA.write_text(schema_text(), encoding="utf-8")
