"""What software firms and their customers export gets a rhythm and about ten segments."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from carpel import Project
from carpel.specs import Lifecycle, Rfm

pytestmark = pytest.mark.slow

END = datetime(2026, 3, 1, tzinfo=UTC)
DONE = ("Report Created", "Export Clicked", "Invite Sent")


def times(who: int) -> Iterator[datetime]:
    """When somebody uses it: each in their own rhythm, a third of them no more since a while."""
    first, last = END - timedelta(days=150 - who), END - timedelta(days=who % 3 and who)
    while first < last:
        yield first
        first += timedelta(days=1 + who % 9, hours=1)


def written(path: Path, head: str, rows: Sequence[str]) -> Path:
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def usage(folder: Path) -> Path:
    rows = [
        f"{DONE[at.hour % 3]},{int(at.timestamp())},u{who}x{who},Chrome"
        for who in range(60)
        for at in times(who)
    ]
    return written(folder / "export.csv", "event,time,distinct_id,$browser", rows)


def plans(folder: Path) -> Path:
    rows = []
    for who in range(70):
        began = END - timedelta(days=9 if who % 10 == 4 else 30 + 11 * who)
        gone = END - timedelta(days=3 * who) if who % 7 == 3 else None
        state = "canceled" if gone else "past_due" if who % 13 == 5 else "active"
        again = "" if gone else f"{END + timedelta(days=who % 40):%Y-%m-%d}"
        rows.append(
            f"sub_{who:04d},u{who}x{who},Team,month,{19 + who % 3}.00,usd,{state},"
            f"{began:%Y-%m-%d},{again},{gone.date() if gone else ''}"
        )
    head = "id,Customer ID,Plan Name,Interval,Amount,Currency,Status,Start (UTC)"
    return written(folder / "subs.csv", f"{head},Current Period End (UTC),Canceled At (UTC)", rows)


def begun(folder: Path, *files: Path) -> Project:
    Project.init(folder / "firm", files, clock=lambda: END)
    return Project(folder / "firm", clock=lambda: END)


def test_events_of_ones_own_give_the_rhythm_and_what_is_worth_doing(tmp_path: Path) -> None:
    project = begun(tmp_path, usage(tmp_path))
    specs = project.session.definitions.segmentations
    rfm, lifecycle = specs["rfm"], specs["lifecycle"]
    assert isinstance(rfm, Rfm) and isinstance(lifecycle, Lifecycle)
    assert rfm.event == lifecycle.event in {"report_created", "export_clicked", "invite_sent"}
    assert rfm.property is None
    found = project.session.definitions.segments
    assert len(found) >= 7
    assert {"using_weekly", "gone_quiet", "best_slipping_away"} <= found.keys()
    assert all(each.objective and each.action for each in found.values())


def test_plans_beside_usage_tell_who_pays_and_does_not_use(tmp_path: Path) -> None:
    project = begun(tmp_path, plans(tmp_path), usage(tmp_path))
    assert project.session.definitions.segmentations.keys() == {"rfm", "lifecycle"}
    assert len(project.session.definitions.segments) == 10
    project.run()
    sizes = {row["segment"]: row for row in project.ls("segments")}
    assert sizes["holding_not_using"]["people"] > 0
    assert sizes["holding_not_using"]["revenue_365d"] > 0
    never = [f"u{who}x{who}" for who in range(60, 70) if who % 7 != 3]
    assert sizes["holding_not_using"]["people"] >= len(never)


def test_a_file_of_uses_of_features_says_which(tmp_path: Path) -> None:
    rows = [
        f"u{who}@firm{who % 9}.example,{('board', 'export')[at.hour % 2]},{at:%Y-%m-%d %H:%M}"
        for who in range(40)
        for at in times(who)
    ]
    project = begun(tmp_path, written(tmp_path / "use.csv", "user_email,feature,used_at", rows))
    (source,) = project.session.definitions.sources.values()
    (track,) = source.track
    assert (track.event, set(track.properties)) == ("feature_used", {"feature"})
    assert project.session.definitions.segmentations["lifecycle"].label
