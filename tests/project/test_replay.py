"""A replay gives the sets that builds would have stored, day by day."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from pyroaring import BitMap

import carpel
from carpel.errors import CarpelError, NotFound
from carpel.evaluation.history import History
from carpel.evaluation.movements import EVERYBODY
from carpel.language import parse
from carpel.specs import Builds, Definitions, Identity, Lifecycle, Project, Segment, Source
from carpel.verbs.reader import reading

DAY = timedelta(days=1)
FIRST = datetime(2026, 3, 1, 4, tzinfo=UTC)
DAYS = 4


class Shop:
    """Orders arrive one file a day, the demanding ones late; built every night."""

    def __init__(self, folder: Path, *, keep: int = 30, late: bool = True) -> None:
        self.folder, self.dice, self.late = folder, Random(11), late
        self.now = FIRST
        till = Source.model_validate(
            {
                "name": "till",
                "read": "till*.csv",
                "identifiers": {"crm_id": "no"},
                "track": [
                    {
                        "event": "order_completed",
                        "at": "at",
                        "properties": {"order_id": "id", "amount": "amount"},
                    }
                ],
            }
        )
        rules = {
            "recent": {"did": "order_completed", "within": "3 days"},
            "often": {"did": "order_completed", "at_least": 3, "within": "30 days"},
            "big": {"trait": "spend_365d", "at_least": 60},
        }
        self.definitions = Definitions(
            Project(
                name="trial",
                as_of="now",
                builds=Builds(keep=keep, most_people_lost=1, most_segment_change=1),
                identity=Identity(probabilistic=False),
            ),
            sources={"till": till},
            segments={name: Segment(name=name, where=parse(rule)) for name, rule in rules.items()},
            segmentations={"lifecycle": Lifecycle(name="lifecycle", kind="lifecycle")},
        )
        self.project = carpel.Project(folder, clock=lambda: self.now, definitions=self.definitions)
        self.stored: dict[datetime, dict[str, BitMap]] = {}

    def night(self, number: int) -> None:
        self.now = FIRST + number * DAY
        rows = [self._order(number, each) for each in range(25 if number == 0 else 8)]
        text = "no,id,at,amount\n" + "".join(f"{row}\n" for row in rows)
        (self.folder / f"till{number}.csv").write_text(text)
        self.project.run()
        with reading(self.project.session) as reader:
            self.stored[self.now] = dict(reader.sets)

    def _order(self, number: int, each: int) -> str:
        """Of the days before when it is the first file, of the last day else; some are late."""
        hours = self.dice.randint(1, 24 * 40 if number == 0 else 23)
        if self.late and number and self.dice.random() < 0.3:
            hours += 24 * self.dice.randint(1, 20)
        at = self.now - timedelta(hours=hours)
        who, amount = self.dice.randint(1, 14), self.dice.randint(5, 30)
        return f"K{who},{number}-{each},{at.isoformat()},{amount}"

    def history(self) -> dict[datetime, dict[str, BitMap]]:
        with reading(self.project.session) as reader:
            told = History(reader.engine)
            return {
                moment: {name: told.members_at(name, moment) for name in sets}
                for moment, sets in self.stored.items()
            }


def nights(shop: Shop) -> Shop:
    for number in range(DAYS):
        shop.night(number)
    return shop


@pytest.mark.prove
@pytest.mark.slow
def test_as_known_then_a_replay_is_what_was_stored(tmp_path: Path) -> None:
    shop = nights(Shop(tmp_path))
    assert shop.history() == shop.stored
    shop.now += timedelta(hours=1)
    done = shop.project.replay(start=FIRST, end=shop.now)
    assert len(done.moments) == DAYS - 1  # the last build's own sets stay as they are
    assert shop.history() == shop.stored
    with reading(shop.project.session) as reader:
        told = History(reader.engine)
        causes = {
            each.cause for name in told.segments() for each in told.moves(name, FIRST, shop.now)
        }
        assert causes == {"data", "clock"}
    shop.project.run(as_of=max(shop.stored))  # what is read from history is worked out anew
    assert not shop.project.run(as_of=max(shop.stored)).changed
    assert shop.history() == shop.stored


@pytest.mark.slow
def test_as_known_now_a_replay_is_what_was_stored_when_nothing_came_late(tmp_path: Path) -> None:
    shop = nights(Shop(tmp_path, late=False))
    shop.now += timedelta(hours=1)
    shop.project.replay(
        ["often", "lifecycle"], start=FIRST - 2 * DAY, end=shop.now, as_known_now=True
    )
    assert shop.history() == shop.stored
    with reading(shop.project.session) as reader:
        told = History(reader.engine)
        assert told.began("often") == (FIRST - 2 * DAY).replace(tzinfo=None)
        assert told.began("recent") == FIRST.replace(tzinfo=None)
        before = told.members_at(EVERYBODY, FIRST - 2 * DAY)
        assert 0 < len(before) <= len(told.members_at(EVERYBODY, FIRST))


@pytest.mark.prove
@pytest.mark.slow
def test_only_the_newest_build_is_kept_and_events_tell_when_they_were_loaded(
    tmp_path: Path,
) -> None:
    shop = nights(Shop(tmp_path, keep=1))
    shop.now += timedelta(hours=1)
    with pytest.raises(CarpelError, match="Nothing was known before 2026-03-01 04:00"):
        shop.project.replay(start=FIRST - DAY, end=shop.now)
    with pytest.raises(NotFound):
        shop.project.replay(["oftne"], start=FIRST, end=shop.now)
    former = shop.project.session.store.builds.current_name()
    files = shop.project.session.store.builds.files
    shop.project.replay(start=FIRST, end=FIRST + 2 * DAY)
    builds = shop.project.session.store.builds
    assert builds.current().files() == files.names()
    assert builds.current_name() != former
    assert shop.history()[max(shop.stored)] == shop.stored[max(shop.stored)]
