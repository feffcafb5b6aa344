"""`hypercare record`: a recording of Playwright's codegen as a flow of the target file."""

from __future__ import annotations

from pathlib import Path

import click

from hypercare.commands.target import load_target
from hypercare.recording.codegen import NotARecording, actions_in
from hypercare.recording.flows import as_toml, flows_of, remarks
from hypercare.target_file.sections.rest_placeholders import SALE_VERBS

_VERBS = sorted(verb for verb in SALE_VERBS if verb not in {"marked_sales", "order_of_sale"})


@click.command()
@click.argument("recording", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE")
@click.option(
    "--as", "verb", type=click.Choice(_VERBS), default="create_sale", show_default=True, help="what is done in it"
)
@click.option("--way", type=click.Choice(["web", "mobile"]), default="web", show_default=True)
@click.option(
    "--target", "target_file", type=click.Path(path_type=Path), help="puts the canary's names into placeholders"
)
@click.option(
    "--value", "values", multiple=True, metavar="TEXT={NAME}", help="a text that was typed, and its placeholder"
)
def record(recording: Path, verb: str, way: str, target_file: Path | None, values: tuple[str, ...]) -> int:
    """Turn a recording into steps for the target file, and print them.

    Record with `playwright codegen --target python URL`. What was typed at log-in becomes {username} and {password}.
    """
    replacements = _replacements(values)
    if target_file is not None:
        canary = load_target(target_file).canary
        if canary.customer:
            replacements.setdefault(canary.customer, "{customer}")
        for product in canary.products.values():
            replacements.setdefault(product, "{product}")
    try:
        actions = actions_in(recording.read_text(encoding="utf-8"), recording.name)
    except (NotARecording, UnicodeDecodeError) as problem:
        raise click.ClickException(str(problem)) from None
    flows = flows_of(actions, verb, replacements)
    click.echo(as_toml(flows, way, remarks(flows, verb)), nl=False)
    return 0


def _replacements(values: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for value in values:
        text, _, name = value.rpartition("=")
        if not text or not name:
            raise click.BadParameter(f"{value!r} is not TEXT={{NAME}}")
        found[text] = name if name.startswith("{") else f"{{{name}}}"
    return found
