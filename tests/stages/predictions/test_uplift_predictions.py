"""Whom a letter moves: planted truth, a letter that moves all alike, arms and days that matter."""

import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from pyroaring import BitMap

from carpel.errors import ProjectError
from carpel.evaluation import Evaluator
from carpel.language import parse, parse_text
from carpel.specs import (
    Arms,
    Campaign,
    Definitions,
    Experiment,
    Project,
    UpliftPrediction,
)
from carpel.stages.predictions import Predictions
from carpel.stages.profiles import Profiles, as_known
from carpel.store.assignments import Assignment
from carpel.testing.line import line_with, read, take

pytestmark = pytest.mark.slow

pytest.importorskip("sklearn")
ON, PEOPLE = date(2026, 1, 1), 5_000
AS_OF = datetime(2026, 3, 1, 12, tzinfo=UTC)
SPEC = UpliftPrediction(
    name="letter_adds",
    kind="uplift",
    treated=parse({"trait": "letter", "is": "sent"}),
    control=parse({"trait": "letter", "is": "kept aside"}),
    on=ON,
    did="order_completed",
    within="30 days",
)


LETTER = Experiment(
    name="letter",
    arms=Arms(trait="letter"),
    comparison="kept aside",
    shares={"sent": 0.5, "kept aside": 0.5},
    metrics=("order_rate",),
    started=ON,
)
SPRING = Campaign(
    name="spring",
    goal={"metric": "order_rate", "target": 0.2, "by": "2026-12-31"},
    audience="everybody",
    channel="post",
    variants=[{"name": "a", "share": 0.5}, {"name": "b", "share": 0.5}],
    holdout=0.5,
)
ASIDE = "kept aside"


def of_test(experiment: str, arm: str | None = None, **said) -> UpliftPrediction:
    named = {"experiment": experiment, "arm": arm, "did": "order_completed", "within": "30 days"}
    return UpliftPrediction(name="letter_adds", kind="uplift", **named, **said)


def drawn(letter) -> tuple[Assignment, ...]:
    """The same draw as that of a campaign; those who got it are halved into two versions."""
    sent, aside = (np.flatnonzero(letter == each) + 1 for each in ("sent", ASIDE))
    arms = {"a": BitMap(sent[::2]), "b": BitMap(sent[1::2]), "comparison": BitMap(aside)}
    began = datetime(2026, 1, 1, tzinfo=UTC)
    return (Assignment("spring", arms, began, began, began),)


def orders_of(chance, letter, moves) -> tuple[list[dict], np.ndarray]:
    """Orders of the year before, of the month after, and of the month that nobody asked about."""
    often = chance.random(PEOPLE) < 0.5
    rows = []

    def bought(customer: int, days: float) -> None:
        at = datetime(2026, 1, 1, 9) + timedelta(days=days)  # noqa: DTZ001 - as tables hold it
        row = {"customer": customer + 1, "at": at, "local_date": at.date(), "local_hour": at.hour}
        rows.append({**row, "amount": 20.0, "source": "till", "event_key": len(rows)})

    for customer in range(PEOPLE):
        for _ in range(6 if often[customer] else 1):
            bought(customer, -chance.uniform(1, 300))
        chances = 0.1 + (letter[customer] == "sent") * moves(often[customer])
        if chance.random() < chances:
            bought(customer, chance.uniform(0, 29))
        if chance.random() < 0.1:
            bought(customer, chance.uniform(31, 58))
    return rows, often


def made(folder, moves, spec=SPEC, *, as_of=AS_OF, arms=(0.45, 0.45)):
    chance = np.random.default_rng(5)
    words = ["sent", "kept aside", "not asked"]
    letter = chance.choice(words, PEOPLE, p=[*arms, 1 - sum(arms)])
    rows, often = orders_of(chance, letter, moves)
    keys = pa.array(range(1, PEOPLE + 1), pa.int64())
    tables = {
        "customers": pa.table(
            {"customer": keys, "known_since": pa.nulls(PEOPLE, pa.timestamp("us"))}
        ),
        "contacts": pa.table({"customer": keys, "t_letter": letter.tolist()}),
        "event_order_completed": pa.Table.from_pylist(rows),
    }
    definitions = Definitions(
        Project(name="trial"),
        predictions={spec.name: spec},
        experiments={"letter": LETTER},
        campaigns={"spring": SPRING},
    )
    line = line_with(folder, tables, definitions=definitions, as_of=as_of)
    line.assignments = drawn(letter)
    return take(line, [Profiles(), Predictions(as_known)]), letter, often


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """The letter brings three in ten of those who order often, and nobody else."""
    return made(tmp_path_factory.mktemp("moved"), lambda often: 0.3 * often)


def test_those_whom_the_letter_moves_are_found_among_everybody(moved):
    line, letter, often = moved
    found = np.array([row["letter_adds"] for row in read(line, "predictions")], float)
    assert len(found) == PEOPLE and not np.isnan(found).any()
    assert found[often].mean() == pytest.approx(0.3, abs=0.06)
    assert found[~often].mean() == pytest.approx(0.0, abs=0.08)  # some have ordered since
    aside = letter == "not asked"
    assert np.corrcoef(found[aside], often[aside])[0, 1] > 0.8


def test_the_effect_is_a_trait_that_a_segment_of_the_persuadable_reads(moved):
    line, _, often = moved
    (trait,) = (row for row in read(line, "traits") if row["table"] == "predictions")
    assert trait["trait"] == "letter_adds" and trait["known"] == PEOPLE
    assert trait["label"] == "How much likelier order completed within 30 days becomes"
    evaluator = Evaluator(line.engine, as_of=line.moment, zone=line.zone)
    persuadable = np.asarray(sorted(evaluator.sets(parse_text("letter_adds > 0.15")).yes))
    assert often[persuadable - 1].mean() > 0.9 and len(persuadable) > 0.4 * PEOPLE


def test_the_card_counts_the_arms_and_tells_how_good_it_is(moved):
    line, letter, _ = moved
    (card,) = read(line, "model_cards")
    more = json.loads(card["card"])
    assert card["used"] and card["model"] == "X-learner" and card["data_from"] == ON
    assert card["people"] == (letter != "not asked").sum()
    told = more["uplift"]
    assert (told["treated"], told["control"]) == (
        (letter == "sent").sum(),
        card["people"] - told["treated"],
    )
    assert told["qini"]["low"] > 0 and told["real"]["effect"] == pytest.approx(0.15, abs=0.05)
    assert told["bands"][0]["effect"] > 0.2 > 0.1 > told["bands"][-1]["effect"]
    assert more["both_arms"] == 0 and more["undated"] == ["letter"]


def test_a_letter_that_moves_all_alike_has_no_persuadable(tmp_path):
    line, *_ = made(tmp_path, lambda often: 0.15)
    (card,) = read(line, "model_cards")
    assert not card["used"] and "no better than drawing people by lot" in card["reason"]
    assert all(row["letter_adds"] is None for row in read(line, "predictions"))


def test_who_is_in_both_arms_is_in_neither_and_the_arms_are_not_told_by(tmp_path):
    """`sent or not asked` against `not asked or kept aside`; the arm was known, as it is said."""
    words = {"treated": ["sent", "not asked"], "control": ["kept aside", "not asked"]}
    rules = {arm: parse({"trait": "letter", "in": each}) for arm, each in words.items()}
    spec = SPEC.model_copy(update={**rules, "trusted": ("letter",)})
    line, letter, _ = made(tmp_path, lambda often: 0.3 * often, spec)
    (card,) = read(line, "model_cards")
    more = json.loads(card["card"])
    assert more["both_arms"] == (letter == "not asked").sum()
    assert card["people"] == (letter != "not asked").sum() and card["used"]
    assert more["undated"] == []


@pytest.mark.parametrize(
    ("as_of", "arms", "said"),
    [
        (datetime(2026, 1, 30, 12, tzinfo=UTC), (0.45, 0.45), "began on 2026-01-01 is not over"),
        (AS_OF, (0.01, 0.45), "at least 100 are needed"),
        (AS_OF, (0.0, 0.45), "0 of the rarer answer among those treated"),
    ],
)
def test_a_test_that_is_not_over_or_too_small_is_refused(tmp_path, as_of, arms, said):
    line, *_ = made(tmp_path, lambda often: 0.3 * often, as_of=as_of, arms=arms)
    (card,) = read(line, "model_cards")
    assert not card["used"] and said in card["reason"]
    assert all(row["letter_adds"] is None for row in read(line, "predictions"))


@pytest.mark.parametrize(
    ("word", "value", "said"),
    [
        ("within", "3 hours", "1 to 730 days"),
        ("within", "800 days", "1 to 730 days"),
        ("within", "soon", "within"),
        ("treated", {"segment": "gold"}, "'gold' is not known yet"),
        ("control", {"segment": "gold"}, "'gold' is not known yet"),
    ],
)
def test_what_cannot_be_told_is_refused_in_the_file(word, value, said):
    given = {
        "treated": {"trait": "a", "is": "b"},
        "control": {"trait": "a", "is": "c"},
        word: value,
    }
    with pytest.raises(ValueError, match=said):
        UpliftPrediction.model_validate(
            {"name": "x", "kind": "uplift", "on": ON, "did": "order_completed", **given}
        )


@pytest.mark.parametrize(
    "spec", [of_test("letter"), of_test("spring", without=("letter",))], ids=["file", "campaign"]
)
def test_arms_of_an_experiment_teach_what_two_rules_do(moved, tmp_path, spec):
    line, _, _ = made(tmp_path, lambda often: 0.3 * often, spec)
    found, known = (
        [row["letter_adds"] for row in read(each, "predictions")] for each in (line, moved[0])
    )
    assert found == pytest.approx(known, abs=1e-12)


def card_of(folder, spec, **said):
    line, _, _ = made(folder, lambda often: 0.3 * often, spec, **said)
    (card,) = read(line, "model_cards")
    assert {row["letter_adds"] for row in read(line, "predictions")} == {None}
    return card


def test_uneven_groups_teach_nothing(tmp_path):
    card = card_of(tmp_path, of_test("letter"), arms=(0.5, 0.4))
    assert card["used"] is False
    assert "the groups of letter came out uneven" in card["reason"]


def test_of_one_version_alone_it_is_learned_from_its_people(tmp_path):
    line, letter, _ = made(
        tmp_path, lambda often: 0.3 * often, of_test("spring", "a", without=("letter",))
    )
    (card,) = read(line, "model_cards")
    sent, aside = ((letter == each).sum() for each in ("sent", ASIDE))
    assert card["used"]
    assert card["people"] == -(-sent // 2) + aside


def test_an_arm_that_there_is_not_is_a_mistake_with_its_file(tmp_path):
    with pytest.raises(ProjectError, match=r"predictions/letter_adds.yml: .* arm 'c' of spring"):
        made(tmp_path, lambda often: 0.3 * often, of_test("spring", "c"))


def test_a_campaign_that_has_not_begun_teaches_nothing(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "drawn", lambda letter: ())
    assert "nothing of spring has left yet" in card_of(tmp_path, of_test("spring"))["reason"]


@pytest.mark.parametrize(
    "said",
    [
        {"experiment": "letter", "on": ON},
        {"treated": parse({"trait": "letter", "is": "sent"}), "on": ON},
        {"arm": "a", **{each: getattr(SPEC, each) for each in ("treated", "control", "on")}},
    ],
)
def test_it_is_an_experiment_or_two_rules_and_a_day(said):
    with pytest.raises(ValueError, match=r"say an `experiment`|`arm` is one of"):
        UpliftPrediction(name="adds", kind="uplift", did="order_completed", **said)
