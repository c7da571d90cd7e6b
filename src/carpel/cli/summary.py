"""What a run comes to, on one screen."""

from typing import TYPE_CHECKING, Any

from carpel.cli.screen import local, money, say, share, show_table
from carpel.specs.words import REVENUES, counted

if TYPE_CHECKING:
    from carpel.project import Project
    from carpel.verbs.run import Run

SEGMENTS_SHOWN = 14
EMPTY_NAMED = 8
"""Segments that have nobody yet and are named in the line that tells how many they are."""


def summary(project: "Project", done: "Run") -> None:
    """Print the run: people, rows and their fate, segments, and what to do next."""
    told = project.summary()
    zone = project.settings.timezone
    if not done.changed:
        say(f"Nothing changed since build {done.build.build} ({done.seconds:.1f} s).")
    else:
        say(
            f"Build {done.build.build} in {done.seconds:.1f} s, "
            f"{counted(done.parts_made, 'part')} made, {done.parts_taken_again} taken again."
        )
    say(f"Figures up to {local(done.build.as_of, zone)} ({zone}){told['why_as_of']}\n")
    people = counted(told["people"], "person", "people")
    say(f"{people}, {counted(told['buyers'], 'buyer')} among them.")
    _accounting(told["accounting"])
    for note in told["notes"]:
        say(f"! {note}")
    say()
    _segments(told["segments"], project.settings.currency)
    say("\nNext: carpel report, carpel show segment NAME, carpel explain customer WHO SEGMENT")


def _accounting(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        reasons = "; ".join(f"{each['rows']:,}: {each['reason']}" for each in row["reasons"])
        rows_read = f"{counted(row['read'], 'row')} read"
        say(
            f"  {row['source']}: {rows_read} = {row['loaded']:,} loaded + "
            f"{row['merged']:,} merged + {row['set_aside']:,} set aside"
            + (f" ({reasons})" if reasons else "")
        )


def _segments(rows: list[dict[str, Any]], currency: str) -> None:
    peopled = [row for row in rows if row["people"]]
    shown = [
        {
            "segment": _named(row),
            "people": row["people"],
            "share": share(row["share"]),
            "revenue": money(row["revenue_365d"], currency),
            "of_all": share(row["revenue_share"]),
        }
        for row in peopled[:SEGMENTS_SHOWN]
    ]
    show_table(
        shown,
        headings={
            "segment": "segment",
            "people": "people",
            "share": "of people",
            "revenue": REVENUES[next((row.get("revenue_kind") for row in rows), None)],
            "of_all": "of revenue",
        },
        empty="No segment has anybody." if rows else "No segments yet: write segments/NAME.yml",
    )
    if len(peopled) > SEGMENTS_SHOWN:
        say(f"… and {len(peopled) - SEGMENTS_SHOWN} more: carpel ls")
    _nobody([_named(row) for row in rows if not row["people"]])


def _nobody(names: list[str]) -> None:
    """One line for all segments that have nobody yet."""
    if names:
        further = f" and {len(names) - EMPTY_NAMED} more" if len(names) > EMPTY_NAMED else ""
        have = "segment has" if len(names) == 1 else "segments have"
        say(f"{len(names)} {have} nobody yet: {', '.join(names[:EMPTY_NAMED])}{further}")


def _named(row: dict[str, Any]) -> str:
    """A segment's label; one of a set of segments is told with the set: `Lost (rfm)`."""
    label, (of, _, place) = row["label"] or row["segment"], row["segment"].partition(".")
    return f"{label} ({of.replace('_', ' ')})" if place else str(label)
