"""Written cases: what happened, then a clock, then who is in."""

from pathlib import Path

import pytest

from carpel.errors import CarpelError
from carpel.testing import Timeline

FILES = sorted(Path(__file__).parent.glob("*.yml"))
TIMELINES = [(path.stem, each) for path in FILES for each in Timeline.read(path)]


each_timeline = pytest.mark.parametrize(
    "timeline", [each for _, each in TIMELINES], ids=[f"{a}: {b.name}" for a, b in TIMELINES]
)


@each_timeline
def test_timeline(timeline: Timeline) -> None:
    timeline.check()


@pytest.mark.slow
@each_timeline
def test_everybody_the_statement_and_each_person_agree(timeline: Timeline) -> None:
    timeline.check(apart=True)


def test_there_are_enough_and_no_two_are_called_alike() -> None:
    names = [each.name for _, each in TIMELINES]
    assert len(names) >= 60
    assert len(names) == len(set(names))


TRIAL = """
timelines:
  - name: bought in May
    people: [ada, ben]
    events: [{who: ada, did: bought, at: 2026-05-01 09:00}]
    rule: {did: bought, within: 30 days}
    then:
      2026-05-02: MEMBERS
"""


def test_a_timeline_fails_when_others_are_in() -> None:
    Timeline.parse(TRIAL.replace("MEMBERS", "[ada]"))[0].check()
    for wrong, told in (("[ben]", "ben, found ada"), ("[]", "nobody, found ada")):
        with pytest.raises(AssertionError, match=f"bought in May, 2026-05-02, in: expected {told}"):
            Timeline.parse(TRIAL.replace("MEMBERS", wrong))[0].check()
    with pytest.raises(AssertionError, match="unknown: expected ben, found nobody"):
        Timeline.parse(TRIAL.replace("MEMBERS", "{unknown: [ben]}"))[0].check()


WRONG = [
    ("MEMBERS", "[eve]", "'eve' is not one of the people: ada, ben"),
    ("MEMBERS", "ada", "a list of names"),
    ("2026-05-02", "tomorrow", "'tomorrow' is not a moment"),
    ("did: bought, within", "did: bought, witin", "timelines:3: bought in May: .*witin"),
    ("    rule:", "    rul:", "A timeline says `name`, `people`, `rule` and `then`"),
    ("    events:", "    evens:", "A timeline has no `evens`"),
    ("timelines:", "timeline:", "says `timelines:`, a list"),
    ("[ada, ben]", "[ada", "is not YAML"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), WRONG)
def test_what_is_wrong_with_a_timeline_is_said(right: str, wrong: str, said: str) -> None:
    with pytest.raises(CarpelError, match=said):
        Timeline.parse(TRIAL.replace(right, wrong).replace("MEMBERS", "[]"))
