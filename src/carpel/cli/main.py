"""`carpel`: translates a command line to a Project call, and what comes back to text.

Exit codes are those of `carpel.errors`; 130 when interrupted, 70 for a fault of Carpel's own.
"""

import sys

import typer

from carpel.cli import (
    campaigns,
    channels,
    codes,
    coupons,
    designing,
    drafting,
    history,
    line,
    looking,
    offers,
    over_time,
    people,
    personas,
    place_designs,
    prices,
    recommending,
    results,
    rules,
    serving,
    slots,
    statistics,
    themes,
    timeline,
    verdicts,
    working,
)
from carpel.cli.options import About, say_passed_over

app = typer.Typer(
    name="carpel",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Clean profiles, segments that are checked, reports a board can read.",
)

PARTS = (
    line,
    looking,
    personas,
    drafting,
    rules,
    people,
    history,
    timeline,
    statistics,
    over_time,
    prices,
    themes,
    recommending,
)
SENDING = (
    campaigns,
    channels,
    codes,
    coupons,
    designing,
    offers,
    place_designs,
    results,
    serving,
    slots,
    verdicts,
    working,
)
for module in (*PARTS, *SENDING):
    module.add_to(app)


@app.callback()
def about(version: About = False) -> None:
    """Print the version when asked."""
    if version:
        from carpel.version import __version__

        typer.echo(f"carpel {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; every failure ends in a sentence and an exit code, not a traceback."""
    from carpel.errors import CarpelError

    try:
        app()
    except CarpelError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("Stopped. The former build is still current.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except OSError as error:
        _say_disk(error)
        sys.exit(6)
    except Exception as error:
        _own_fault(error)
        sys.exit(70)
    finally:
        say_passed_over()


def _say_disk(error: OSError) -> None:
    from errno import ENOSPC
    from tempfile import gettempdir

    action = "Check space on the disk and permissions, then try again."
    if isinstance(error, FileNotFoundError | NotADirectoryError | IsADirectoryError):
        action = "Check the path and the working folder."
    elif error.errno == ENOSPC and not error.filename:
        action = f"Free some space there or name another folder in TMPDIR ({gettempdir()} now)."
    place = f": {error.filename}" if error.filename else "."
    typer.echo(f"{error.strerror or error}{place}\n    → {action}", err=True)


def _own_fault(error: Exception) -> None:
    """Say that this is our mistake, and where it happened, without the values at hand."""
    import traceback

    frames = [
        f"{frame.filename.rsplit('carpel', 1)[-1].lstrip('/')}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if "carpel" in frame.filename
    ]
    typer.echo(
        f"This is a fault of Carpel's own ({type(error).__name__} at "
        f"{' < '.join(reversed(frames[-3:]))}). The former build is still current.\n"
        "    → Please report it with the command you ran; CARPEL_TRACEBACK=1 shows more.",
        err=True,
    )
    import os

    if os.environ.get("CARPEL_TRACEBACK"):
        traceback.print_exception(error)
