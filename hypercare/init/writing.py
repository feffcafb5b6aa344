"""A proposal as a target file: every line with how sure we are and why; what is doubtful as a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hypercare.init.api_description import ApiProposal
from hypercare.init.proposal import EntityProposal, FieldProposal, Proposal
from hypercare.init.rest_proposal import RestProposal, TableProposal
from hypercare.init.toml_text import key, percent, quoted, value
from hypercare.target_file.entities import ENTITIES
from hypercare.target_file.mapping import MoneyForm, TimeForm

_NAME = re.compile(r"[^\W\d][\w$]*\Z")
_MOST_UNKNOWN = 8


@dataclass
class Facts:
    """What is known beside the database; `guessed` are the names of those that somebody should look at."""

    name: str
    timezone: str
    go_live: date
    currency: str
    database_url: str | None = None
    needs_password: bool = False
    web_url: str | None = None
    api: ApiProposal | None = None
    guessed: dict[str, str] = field(default_factory=dict)


def target_file(facts: Facts, proposal: Proposal | None) -> str:
    """The whole text of the proposed file."""
    parts = [_head(proposal), *_business(facts), *_ways(facts), _later(facts)]
    if proposal is not None:
        parts += ["\n".join(_mapping(proposal))]
        parts += ["\n".join(_entity(entity_proposal)) for entity_proposal in _in_order(proposal.entities)]
        parts += ["\n".join(_doubtful(entity_proposal)) for entity_proposal in _in_order(proposal.doubtful)]
        parts += list(_not_found(proposal))
        parts += list(_agreed(proposal))
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(proposal: Proposal | None) -> str:
    lines = [
        "# Proposed by `hypercare init`, which only reads. Each line says how sure it is, and why.",
        "# Lines with a question mark are for you to answer. Then: hypercare doctor --target THIS FILE",
    ]
    if proposal is not None:
        lines.append(f"# It looked at {proposal.tables} tables with {proposal.questions} small questions.")
    return "\n".join(lines)


def _business(facts: Facts) -> Iterator[str]:
    adapter = 'adapter = "none"  # how people log in and sell; see docs/init.md'
    if facts.api is not None and facts.api.rest is not None and facts.api.rest.is_usable:
        adapter = 'adapter = "rest"  # how people log in and sell is declared below'
    yield f'[target]\nname = {quoted(facts.name)}\n{adapter}\nmode = "observe"'
    lines = ["[business]"]
    for name, setting in (
        ("timezone", quoted(facts.timezone)),
        ("go_live", facts.go_live.isoformat()),
        ("currency", quoted(facts.currency)),
    ):
        lines.append(f"{name} = {setting}" + (f"  # ? {facts.guessed[name]}" if name in facts.guessed else ""))
    yield "\n".join(lines)


def _ways(facts: Facts) -> Iterator[str]:
    yield (
        f"[web]\nurl = {quoted(facts.web_url)}"
        if facts.web_url
        else '# [web]\n# url = "https://erp.example.com/"  # ? where people log in'
    )
    yield '# [mobile]\n# url = "https://erp.example.com/m"  # ? if there is a mobile app'
    if facts.api is None:
        yield '# [api]\n# url = "https://erp.example.com/api"  # ? if there is one'
    else:
        yield "\n".join(_api(facts.api))
        if facts.api.rest is not None:
            yield from rest_lines(facts.api.rest)
    if facts.database_url is None:
        yield '# [database]\n# url = "postgresql://monitor@db.example.com/erp"  # ? a user that may only SELECT'
        return
    lines = ["[database]", f"url = {quoted(facts.database_url)}"]
    if facts.needs_password:
        lines.append('password = { env = "HYPERCARE_DATABASE_PASSWORD" }  # the file holds no secret')
    yield "\n".join(lines)


def _api(api: ApiProposal) -> Iterator[str]:
    yield f"[api]\nurl = {quoted(api.url)}  # {api.why}"
    for one in api.endpoints:
        mark = "# " if one.held_back else ""
        yield ""
        if one.held_back:
            yield f"# ? {one.held_back}"
        yield f"{mark}[[api.endpoints]]"
        yield f"{mark}name = {quoted(one.name)}  # {percent(one.sure)}: {one.why}"
        yield f"{mark}path = {quoted(one.path)}"
        if one.method != "GET":
            yield f"{mark}method = {quoted(one.method)}"
        if one.body is not None:
            yield f"{mark}body = {value(one.body)}"
        if one.expect:
            yield f"{mark}expect = {value(one.expect)}"
        if one.needs_log_in:
            yield f'{mark}as_role = "?"'


def _later(facts: Facts) -> str:
    del facts
    return "\n".join(
        (
            '# ? The logs, one section each; holds is "application", "access" or "database".',
            "# [[logs]]",
            '# name = "application"',
            '# path = "/var/log/erp/app.log"',
            '# format = "python"',
            "",
            "# ? Where backups are put, and the local times at which one is due.",
            "# [backups]",
            '# directory = "/var/backups/erp"',
            '# pattern = "*.dump"',
            '# at = ["01:30"]',
            "",
            "# ? Who the monitor may log in as; the password is referred to, never written here.",
            "# [[accounts]]",
            '# username = "monitor.sales"',
            '# role = "sales"',
            '# branch = "B1"',
            '# password = { env = "ERP_MONITOR_SALES" }',
            "",
            '# ? What is kept for trial sales; needed for mode = "transact".',
            "# [canary]",
            '# branch = "TRN"',
            '# customer = "Training customer"',
            '# products = { stock = "TRN-1" }',
        )
    )


def _mapping(proposal: Proposal) -> Iterator[str]:
    yield "[mapping]"
    yield 'time = "utc"  # what differs says so itself'
    yield 'money = "decimal"'
    if proposal.shared_by_design:
        yield f"shared_by_design = {value(proposal.shared_by_design)}  # ? they have no branch of their own"


def _in_order(entities: dict[str, EntityProposal]) -> list[EntityProposal]:
    return [entities[name] for name in ENTITIES if name in entities]


def _entity(entity_proposal: EntityProposal) -> Iterator[str]:
    yield f"[mapping.{entity_proposal.entity}]  # {percent(entity_proposal.sure)}: {entity_proposal.why}"
    if entity_proposal.others:
        yield f"# else it might be {' or '.join(entity_proposal.others)}"
    if entity_proposal.select is not None:
        yield f'select = """\n{entity_proposal.select}\n"""'
    else:
        yield f"table = {quoted(entity_proposal.table)}"
    if entity_proposal.where:
        yield f"where = {quoted(entity_proposal.where)}  # {entity_proposal.where_why}"
    if entity_proposal.tie is not None:
        tie = {
            "table": entity_proposal.tie.table,
            "record": entity_proposal.tie.record,
            "branch": entity_proposal.tie.branch,
        }
        yield f"branches = {value(tie)}  # {percent(entity_proposal.tie.sure)}: {entity_proposal.tie.why}"
    yield ""
    yield f"[mapping.{entity_proposal.entity}.columns]"
    for one in entity_proposal.fields.values():
        yield _field(entity_proposal, one)
    tied = {"branch"} if entity_proposal.tie is not None else set()
    missing = [name for name in ENTITIES[entity_proposal.entity] if name not in {*entity_proposal.fields, *tied}]
    if missing:
        yield f"# not found: {', '.join(missing)}"
    worded = [one for one in entity_proposal.fields.values() if one.values]
    for one in worded:
        yield from _words(entity_proposal, one)


def _field(entity_proposal: EntityProposal, one: FieldProposal) -> str:
    source: Any
    if one.sql is not None:
        source = {"sql": one.sql}
    else:
        source = one.column if one.column and _NAME.match(one.column) else {"column": one.column}
    extra: dict[str, Any] = {}
    if one.time not in (None, TimeForm.UTC):
        extra["time"] = str(one.time)
    if one.money not in (None, MoneyForm.DECIMAL):
        extra["money"] = str(one.money)
    if extra:
        source = {**(source if isinstance(source, dict) else {"column": source}), **extra}
    # A column of a table that may be another thing is no surer than the table.
    line = f"{key(one.field)} = {value(source)}  # {percent(min(one.sure, entity_proposal.sure))}: {one.why}"
    if one.held_back:
        return f"# {line}; left out: {one.held_back}"
    return line


def _words(entity_proposal: EntityProposal, one: FieldProposal) -> Iterator[str]:
    mark = "# " if one.held_back else ""
    yield ""
    yield f"{mark}[mapping.{entity_proposal.entity}.values.{key(one.field)}]"
    for ours, theirs in one.values.items():
        yield f"{mark}{key(ours)} = {value(list(theirs))}"
    for strange in one.unknown[:_MOST_UNKNOWN]:
        yield f"# ? what does {value(strange)} mean: put it into one of the lists above"


def _doubtful(entity_proposal: EntityProposal) -> Iterator[str]:
    entity = entity_proposal.entity.replace("_", " ")
    sure = percent(entity_proposal.sure)
    yield f"# ? {sure} sure only that {entity_proposal.table} holds each {entity}: {entity_proposal.why}"
    for line in _entity(entity_proposal):
        for part in line.splitlines() or [""]:
            yield f"# {part}".rstrip()


def _not_found(proposal: Proposal) -> Iterator[str]:
    missing = [name for name in ENTITIES if name not in proposal.entities and name not in proposal.doubtful]
    if missing:
        yield f"# Not found, so not covered until mapped by hand: {', '.join(missing)}."


def _agreed(proposal: Proposal) -> Iterator[str]:
    for one in proposal.agreed:
        yield (
            f"# {one.why}; the schema does not declare it\n[[mapping.agreed.references]]\n"
            f"child = {quoted(one.child)}\nparent = {quoted(one.parent)}"
        )


def rest_lines(rest: RestProposal) -> Iterator[str]:
    """The blocks of [rest], each table with how sure it is and why; nothing where no operation was recognised."""
    if not rest.tables:
        return
    mark = "" if rest.is_usable else "# "
    own = [f"{mark}[rest]  # see docs/rest-adapter.md; nothing is written before mode is transact"]
    own += [f"{mark}{key(name)} = {value(setting)}{_asks(name)}" for name, setting in rest.own.items()]
    yield "\n".join(own)
    for one in rest.tables:
        yield "\n".join(_rest_table(one))
    if rest.missing:
        yield f"# Not recognised, so not covered until declared: {', '.join(rest.missing)}."


def _asks(name: str) -> str:
    return "  # ? number is 12.5, text is 12.50 in quotes, cents is 1250" if name == "money" else ""


def _rest_table(one: TableProposal) -> Iterator[str]:
    mark = "# " if one.held_back else ""
    if one.held_back:
        yield f"# ? {one.held_back}"
    head = f"[[rest.{one.name}]]" if one.several else f"[rest.{one.name}]"
    yield f"{mark}{head}  # {percent(one.sure)}: {one.why}"
    for name, setting in one.settings.items():
        yield f"{mark}{key(name)} = {value(_plain(setting))}"


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _plain(one) for name, one in data.items()}
    return list(data) if isinstance(data, tuple) else data
