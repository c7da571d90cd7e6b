"""Options that many commands share."""

import os
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
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")]
About = Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)]
HERE = Path()


def opened(folder: Path, argument: Path | None = None) -> "Project":
    """The project a command is about, under the actor that CARPEL_ACTOR names."""
    from carpel.project import Project

    return Project(argument or folder, actor=os.environ.get("CARPEL_ACTOR", "local"))


def print_json(value: object) -> None:
    """Print a value as JSON."""
    import json

    typer.echo(json.dumps(value, default=str, indent=1, ensure_ascii=False))
