"""The command that keeps the time."""

import signal
from threading import Event
from typing import Annotated

import typer

from carpel.cli.options import HERE, Folder, opened

PAUSE = 20.0
"""Seconds between two looks at what is due."""


def add_to(app: typer.Typer) -> None:
    """Give the app this command."""
    app.command()(work)


def work(
    once: Annotated[
        bool, typer.Option("--once", help="Do what is due now, then stop: for another scheduler.")
    ] = False,
    folder: Folder = HERE,
) -> None:
    """Do the jobs of carpel.yml when they are due, until stopped; each once, however many do so."""
    from carpel.cli.screen import say
    from carpel.errors import CarpelError

    stop = Event()
    if not once:
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        if not opened(folder).settings.jobs:
            raise CarpelError(
                "There are no jobs in carpel.yml.", action="jobs: {nightly: {do: run, at: 03:00}}"
            )
        say("Keeping the time. Stop it with Ctrl-C; a job that is under way ends first.")
    failed = False
    while not stop.is_set():
        for done in opened(folder).work():
            say(f"{done.job}: {done.outcome}")
            failed = failed or done.failed
            if stop.is_set():
                break
        if once:
            break
        stop.wait(PAUSE)
    if once and failed:
        raise typer.Exit(1)
