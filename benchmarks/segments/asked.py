"""What people wait for: one segment more, a preview, overlaps, one person."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from random import Random
from statistics import median
from typing import Any

from benchmarks.segments import grammar
from benchmarks.segments.built import UTC
from benchmarks.segments.drawn import AS_OF, CATEGORIES, EVENTS, PRODUCTS
from benchmarks.segments.grammar import Rule
from benchmarks.segments.shown import Shown, per_cent
from benchmarks.segments.world import World
from benchmarks.timing import once
from carpel.evaluation import Evaluator, Sets
from carpel.evaluation.alone import alone
from carpel.evaluation.decider import Decider
from carpel.evaluation.leaves import all_leaves
from carpel.evaluation.overlaps import overlaps
from carpel.language import parse

MANY, SEED = 100, 2
FRESH, CHECKED = 20, 5


def one_more(made: World, asked_before: Mapping[str, Rule], shown: Shown) -> None:
    """Segments that share nothing with what was asked before, and previews of three conditions."""
    engine = made.bound()
    asked = {name: parse(rule) for name, rule in grammar.rules(5 * MANY, SEED).items()}
    single = Evaluator(engine, as_of=AS_OF, zone=UTC)
    before = map(parse, asked_before.values())
    shown.told("what rules ask about, read into memory", once(lambda: single.keep(before))[0])
    single.sets(parse({"people": [1]}))
    fresh = list(asked)[:MANY]
    taken = [once(lambda each=each: single.sets(asked[each]))[0] for each in fresh]
    shown.most("segment 1,001 alone, median", median(taken), 0.015)
    shown.most("segment 1,001 alone, 95 %", per_cent(taken, 95), 0.4)
    three = [n for n in list(asked)[MANY:] if len(list(all_leaves(asked[n]))) == 3][:MANY]
    whole = Evaluator(engine, as_of=AS_OF, zone=UTC).all({name: asked[name] for name in three})
    previews = []
    for name in three:
        seconds, found = once(lambda name=name: single.preview(asked[name]))
        previews.append(seconds)
        if (found.people, found.unknown) != (len(whole[name].yes), len(whole[name].unknown)):
            raise SystemExit(f"the preview of {name} is not exact")
    shown.most("preview of three conditions, 95 %", per_cent(previews, 95), 0.3)
    engine.close()


def shared(made: World, found: Mapping[str, Sets], shown: Shown) -> None:
    """How many people sets share, and who one person's are."""
    members = {name: each.yes for name, each in found.items()}
    shown.most("all pairs' overlaps", once(lambda: overlaps(members))[0], 5)
    one = next(iter(members.values()))
    among = once(lambda: [one.intersection_cardinality(each) for each in members.values()])[0]
    shown.most("one against all", among, 0.03)
    held = [once(lambda who=who: [1 for each in members.values() if who in each])[0]
            for who in _people(made)]  # fmt: skip
    shown.most("one person's stored segments, median", median(held), 0.001)


def one_person(made: World, asked: Mapping[str, Rule], shown: Shown) -> None:
    """All segments of one person who has just done something."""
    engine = made.bound()
    rules = {name: parse(rule) for name, rule in asked.items()}
    evaluator = Evaluator(engine, as_of=AS_OF, zone=UTC)
    seconds, decider = once(lambda: Decider(evaluator, rules))
    shown.told("one person, all rules made ready once", seconds)
    if decider.able != rules.keys():
        raise SystemExit(f"not made ready: {sorted(rules.keys() - decider.able)}")
    random, taken = Random(SEED), []
    for number, who in enumerate(_people(made)):
        rows = _doings(random)
        moment = max(row["at"] for some in rows.values() for row in some)
        seconds, found = once(
            lambda who=who, rows=rows, moment=moment: decider.decided(engine, who, rows, moment, {})
        )
        taken.append(seconds)
        if number < CHECKED:
            own = Evaluator(
                alone(engine, evaluator.catalogue, who, rows, EVENTS), as_of=moment, zone=UTC
            ).all(rules)
            if any(_verdict(sets) != found[name] for name, sets in own.items()):
                raise SystemExit(f"{who} is decided otherwise than by the rows of all")
    shown.told(f"one person with {FRESH} fresh events, median", median(taken))
    shown.most(f"one person with {FRESH} fresh events, 99 %", per_cent(taken, 99), 0.02)
    engine.close()


def _verdict(sets: Sets) -> bool | None:
    return None if sets.unknown else bool(sets.yes)


def _people(made: World) -> Iterator[int]:
    random = Random(SEED)
    return (random.randint(1, made.people) for _ in range(MANY))


def _doings(random: Random) -> dict[str, list[dict[str, Any]]]:
    """So many events in the minutes after the build."""
    found: dict[str, list[dict[str, Any]]] = {}
    for minute in range(FRESH):
        (event,) = random.choices(list(EVENTS), list(EVENTS.values()))
        category = f"c{int(CATEGORIES * random.random() ** 2.5):02}"
        row = {
            "at": AS_OF + timedelta(minutes=minute),
            "category": category,
            "product": f"{category}-{int(PRODUCTS * random.random() ** 2):02}",
            "amount": round(200 * random.random(), 2),
            "quantity": random.randint(1, 5),
            "channel": random.choice(list(grammar.CHANNELS)),
        }
        found.setdefault(event, []).append(row)
    return found
