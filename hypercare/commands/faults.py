"""`hypercare faults`: what the fault lab can do to an embedded system, and doing and undoing it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from faultlab.catalogue import CATALOGUE, UnknownFault, fault_named
from faultlab.fault import Fault
from faultlab.injecting import inject, undo
from faultlab.originals import LabProblem

_target = click.option(
    "--target", "target_file", type=click.Path(path_type=Path), required=True, help="target file of an embedded system"
)


@click.group()
def faults() -> None:
    """Put faults into an embedded system, to see what notices them."""


@faults.command("list")
@click.option("--json", "as_json", is_flag=True, help="as a JSON list of {id, happens, where, noticed_by, may_notice}")
def list_faults(as_json: bool) -> int:
    """List every fault with what must notice it."""
    if as_json:
        click.echo(json.dumps([fault.as_dict() for fault in CATALOGUE], indent=2))
        return 0
    for fault in CATALOGUE:
        click.echo(f"{fault.id}  [{fault.where.value}]  {fault.happens}")
        click.echo(f"    {_noticed(fault)}")
    click.echo(f"{len(CATALOGUE)} faults")
    return 0


@faults.command("inject")
@click.argument("name", metavar="ID")
@_target
def inject_fault(name: str, target_file: Path) -> int:
    """Put a fault in."""
    fault = _named(name)
    with _in_one_line():
        inject(fault, target_file)
    click.echo(f"In: {fault.happens} {_noticed(fault)}.")
    return 0


@faults.command("undo")
@click.argument("name", metavar="ID")
@_target
def undo_fault(name: str, target_file: Path) -> int:
    """Take a fault out again."""
    fault = _named(name)
    with _in_one_line():
        undo(fault, target_file)
    click.echo(f"Out: {fault.id}.")
    return 0


def _named(name: str) -> Fault:
    try:
        return fault_named(name)
    except UnknownFault as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def _in_one_line() -> Iterator[None]:
    try:
        yield
    except LabProblem as problem:
        raise click.ClickException(str(problem)) from None


def _noticed(fault: Fault) -> str:
    if not fault.noticed_by:
        return "Nobody may stir"
    return "To be noticed by " + ", ".join(f"{item} ({level.value})" for item, level in fault.noticed_by.items())
