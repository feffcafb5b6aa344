"""`hypercare setup`: bring what a round uses and pip does not install, a browser and the report generator."""

from __future__ import annotations

import click

from hypercare.commands.browser import NO_BROWSER, browser_at_hand
from hypercare.reports.generator import generator_program, install_generator


@click.command()
def setup() -> int:
    """Make sure that there is a browser, and install the generator of Allure's pages for this user.

    What is there already is taken. Rounds run without either and say what they left out, so the exit status is 0 where
    one cannot be had.
    """
    found = browser_at_hand(install=True)
    click.echo(f"browser: {found}" if found else NO_BROWSER)
    if generator_program() is None:
        click.echo("getting the report generator", err=True)
    trouble = install_generator()
    if trouble:
        click.echo(f"No report generator can be had here: reports will be without Allure's pages. {trouble}.")
    else:
        click.echo(f"report generator: {generator_program()}")
    return 0
