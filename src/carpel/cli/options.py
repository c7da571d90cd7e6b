"""Options that many commands share."""

import os
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from carpel.project import Project

Folder = Annotated[
    Path, typer.Option("--project", help="The project's folder.", envvar="CARPEL_PROJECT")
]
FolderArgument = Annotated[
    Path | None, typer.Argument(help="The project's folder.", show_default="the current one")
]
Who = Annotated[str, typer.Argument(help="A person's key, address or number.")]
Name = Annotated[str, typer.Argument(help="The segment's name.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")]
About = Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)]
HERE = Path()
OPENED: "ContextVar[Project | None]" = ContextVar("OPENED", default=None)
"""The project that the command at work is about."""


def opened(folder: Path, argument: Path | None = None, *, actor: str = "local") -> "Project":
    """The project a command is about, under the actor that CARPEL_ACTOR names."""
    from carpel.project import Project

    project = Project(argument or folder, actor=os.environ.get("CARPEL_ACTOR", actor))
    OPENED.set(project)
    return project


def say_passed_over() -> None:
    """Say beside what a command gave that not all of its project was understood, if so."""
    project = OPENED.get()
    if project is not None and (problems := project.passed_over):
        several = f"{len(problems):,} mistakes are" if len(problems) > 1 else "A mistake is"
        first = problems[0]
        place = f"{first.file}:{first.line}" if first.line else first.file
        typer.echo(
            f"! {several} passed over here ({place}: {first.message}). "
            "`carpel check` tells all; `carpel run` waits for them to be mended.",
            err=True,
        )


def print_json(value: object) -> None:
    """Print a value as JSON."""
    import json

    typer.echo(json.dumps(value, default=str, indent=1, ensure_ascii=False))
