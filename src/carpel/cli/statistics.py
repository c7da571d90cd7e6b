"""Commands for whoever counts: advise, describe, relate, cohorts."""

from dataclasses import asdict
from math import log1p
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json

if TYPE_CHECKING:
    from carpel.evaluation.cohorts import Cohort
    from carpel.verbs.advised import Advice
    from carpel.verbs.correlate import Correlated
    from carpel.verbs.describe import Described
    from carpel.verbs.relate import Related

WIDTH = 30
"""Characters of the longest bar."""
MONTHS = 13
SHADES = " ·░▒▓█"


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    for command in (advise, describe, relate, cohorts):
        app.command()(command)


def advise(
    goal: Annotated[str, typer.Option("--goal", help="The goal's name.")],
    to_file: Annotated[
        Path | None, typer.Option("--to-file", help="Write .html or .svg as well.")
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Which way to part people serves a goal: how much each foresees, and what it asks for."""
    found = opened(folder).advise(goal, to=to_file)
    print_json({**asdict(found), "how": found.how}) if as_json else _advised(found)
    if to_file is not None and not as_json:
        from carpel.cli.screen import say

        say(f"\nWritten: {to_file}")


def describe(
    trait: Annotated[str, typer.Argument(help="The trait's name.")],
    by: Annotated[
        str | None, typer.Option("--by", help="A segment, to stand beside everybody else.")
    ] = None,
    beside: Annotated[
        str | None, typer.Option("--with", help="Another figure: how the two go together.")
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """How a trait is spread, as a histogram; or, with another, where people lie between them."""
    if by is not None and beside is not None:
        raise typer.BadParameter("say --by SEGMENT or --with TRAIT, not both")
    if beside is not None:
        together = opened(folder).correlate(trait, beside)
        print_json(asdict(together)) if as_json else _correlated(together)
        return
    found = opened(folder).describe(trait, by)
    print_json(asdict(found)) if as_json else _described(found)


def relate(
    outcome: Annotated[str, typer.Argument(help="A trait, or a segment.")],
    traits: Annotated[
        list[str] | None,
        typer.Argument(help="Traits to explain it by.", show_default="the closest"),
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Which traits explain an outcome, all of them looked at together."""
    found = opened(folder).relate(outcome, traits or ())
    print_json(asdict(found)) if as_json else _related(found)


def cohorts(folder: Folder = HERE, as_json: Json = False) -> None:
    """Who came back: people by the month of their first order, and each month since."""
    found = opened(folder).cohorts()
    print_json([asdict(each) for each in found]) if as_json else _cohorts(found)


def _advised(found: "Advice") -> None:
    from carpel.cli.screen import say, show_table
    from carpel.reports.advice import HEADINGS, written

    say(f"{found.label}\n\n{found.why}\n\n{found.how}\n")
    show_table([written(asdict(each)) for each in found.ways], headings=HEADINGS)
    say(
        "\nForesees: the share of what differs between people; below nothing is worse than "
        "treating all alike."
    )
    for name, why in found.left_out.items():
        say(f"Not tried, {name}: {why}")


def _described(found: "Described") -> None:
    from carpel.cli.screen import figure, say, show_table

    say(f"{found.label}{f' ({found.unit})' if found.unit else ''}\n")
    show_table(
        [
            {"people": name, **{key: figure(each) for key, each in summary.items()}}
            for name, summary in found.groups.items()
        ]
    )
    say()
    most = {name: max((row[name] for row in found.bars), default=0) for name in found.groups}
    show_table([_bar(row, most) for row in found.bars], empty="no values")


def _bar(row: dict[str, Any], most: dict[str, int]) -> dict[str, Any]:
    from carpel.cli.screen import figure

    value = row.get("value", "")
    if "from" in row:
        value = f"{figure(row['from'])} to {figure(row['to'])}"
    found: dict[str, Any] = {"value": value}
    for name, largest in most.items():
        found[name] = row[name]
        found[f"{name} "] = "█" * round(WIDTH * row[name] / largest) if largest else ""
    return found


def _correlated(found: "Correlated") -> None:
    from carpel.cli.screen import figure, say

    say(
        f"{found.trait} and {found.other}: correlation {found.correlation:+.2f} (95 % interval "
        f"{found.low:+.2f} to {found.high:+.2f}), of ranks {found.ranks:+.2f}; "
        f"{found.n:,} people.\n"
    )
    most = max(max(row) for row in found.grid)
    for row in found.grid:
        say("│" + "".join(_shade(count, most) for count in row))
    say("└" + "─" * len(found.grid[0]))
    say(
        f"{found.trait} from {figure(found.across[0])} to {figure(found.across[1])} across, "
        f"{found.other} from {figure(found.upwards[0])} to {figure(found.upwards[1])} upwards."
    )


def _shade(count: int, most: int) -> str:
    """Darker for more people; any at all is seen."""
    if not count:
        return SHADES[0]
    return SHADES[1 + round((len(SHADES) - 2) * log1p(count - 1) / log1p(most))]


def _related(found: "Related") -> None:
    from carpel.cli.screen import say, show_table

    unit = "log odds" if found.how == "logistic" else "the outcome"
    say(
        f"{found.outcome} by {found.how}: {found.share:.1%} of its spread explained, "
        f"{found.n:,} people. Effects are in {unit}, by one standard deviation of the trait.\n"
    )
    show_table(
        [
            {
                "trait": row["trait"],
                "effect": f"{row['effect']:+.3g}",
                "95 % interval": f"{row['low']:+.3g} to {row['high']:+.3g}",
                "q": f"{row['q']:.3f}",
                "correlation alone": f"{row['alone']:+.2f}",
            }
            for row in found.rows
        ]
    )
    if found.left_out:
        told = "; ".join(f"{name} {why}" for name, why in sorted(found.left_out.items()))
        say(f"\nLeft out: {told}.")


def _cohorts(found: "list[Cohort]") -> None:
    from carpel.cli.screen import say, share, show_table

    rows = [
        {
            "first order": f"{each.month:%Y-%m}",
            "people": each.people,
            **{
                f"+{at}": share(each.returned[at] / each.people) if at < len(each.returned) else ""
                for at in range(1, MONTHS)
            },
        }
        for each in found
    ]
    show_table(rows, title="Who ordered again, by months since", empty="no orders are known")
    if rows:
        say("\nThe last month of each line is not over.")
