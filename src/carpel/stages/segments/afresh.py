"""Which people have to be looked at again, and the sets of everybody else taken from the parent.

At the same moment, and with the same rule, somebody about whom no row changed is where they were.
So a rule is evaluated over the tables of those people only of whom a row is new, other or gone, by
the same evaluator; the result equals a full one. Everybody is looked at again when the moment or
the rule is another, when the rule compares people with each other, asks about accounts or about
the past, or when so many changed that it saves nothing.
"""

from collections.abc import Collection, Mapping

import pyarrow as pa
from pyroaring import BitMap

from carpel.engine.base import Engine
from carpel.engine.query import query, table
from carpel.evaluation import Evaluator, Sets
from carpel.evaluation.bitmaps import to_keys
from carpel.evaluation.leaves import alone
from carpel.evaluation.memberships import selected, stored_verdicts
from carpel.evaluation.renamed import Renamed
from carpel.language import Node, references, segment_names
from carpel.specs.prediction import predicted
from carpel.stages.base import Line
from carpel.stages.segments.causes import Causes
from carpel.stages.segments.past import past
from carpel.stages.segments.rules import account_rules, fingerprints, rules
from carpel.store.builds import Build

MOST = 0.2
"""Of all people: when more of them changed, everybody is evaluated."""
OF_PEOPLE = (
    "customers",
    "profiles",
    "predictions",
    "contacts",
    "standings",
    "contracts",
    "consents",
)
"""Tables with rows about one person each."""
AFRESH = "afresh_"
"""How the names of tables begin that hold only those who are looked at again."""


class Afresh:
    """The sets of a line's rules: of whom nothing changed, the parent's.

    `kept` are those rules, `people` everybody who is looked at again for them.
    """

    def __init__(self, line: Line, asked: Mapping[str, Node]) -> None:
        self.line, self.asked = line, asked
        former = _unchanged(line, asked)
        self.people = _changed(line, asked) if former else BitMap()
        everybody = selected(line.engine, query("SELECT customer FROM customers"))
        worth = len(self.people) <= MOST * len(everybody)
        self.there = everybody - self.people
        self.kept = self._kept(former) if former and worth else {}

    def evaluator(self) -> Evaluator:
        """A new one of everybody that knows the members of what is kept."""
        return Evaluator(
            self.line.engine,
            as_of=self.line.moment,
            zone=self.line.zone,
            segments=rules(self.line.definitions),
            stored={name: sets.yes for name, sets in self.kept.items()},
            history=past(self.line),
            accounts=account_rules(self.line.definitions),
        )

    def _kept(self, former: Mapping[str, Sets]) -> dict[str, Sets]:
        """The parent's sets, with those who changed put where they belong now."""
        engine = _over(self.line, self.people)
        some = Evaluator(engine, as_of=self.line.moment, zone=self.line.zone, segments=self.asked)
        again = some.all({name: self.asked[name] for name in former})
        for name in engine.names.values():
            if name.startswith(AFRESH):
                self.line.engine.drop(name)
        return {
            name: Sets(
                (old.yes & self.there) | again[name].yes,
                (old.unknown & self.there) | again[name].unknown,
            )
            for name, old in former.items()
        }


def _unchanged(line: Line, asked: Mapping[str, Node]) -> dict[str, Sets]:
    """The parent's sets of those rules that say the same of anybody of whom no row changed."""
    parent = line.parent
    if parent is None or parent.as_of.replace(tzinfo=None) != line.moment:
        return {}
    if _meaning(line, line.table_files("traits")) != _meaning(line, _former(parent, "traits")):
        return {}
    if any(line.table_files(name) != _former(parent, name) for name in line.tables("described")):
        return {}
    before, now = parent.notes("segments").get("definitions", {}), fingerprints(line.definitions)
    same = {each for each in asked if each in now and now[each] == before.get(each)}
    stored = _stored(line, parent)
    return {
        name: stored[name]
        for name in asked
        if name in same and name in stored and _alone(name, asked)
    }


def _alone(name: str, asked: Mapping[str, Node]) -> bool:
    """Whether a rule, and all that it refers to, speaks of each person by themselves."""
    return alone(asked[name]) and all(
        each in asked and _alone(each, asked) for each in segment_names(asked[name])
    )


def _meaning(line: Line, files: Collection[str]) -> list[tuple[object, ...]]:
    """What the traits of a build are, without how many people have them."""
    line.engine.bind("meant", [line.files.path(each) for each in files])
    text = 'SELECT trait, type, "table", expression FROM meant ORDER BY ALL'
    found = line.engine.rows(query(text))
    line.engine.drop("meant")
    return found


def _stored(line: Line, parent: Build) -> dict[str, Sets]:
    files = [line.files.path(each) for each in _former(parent, "memberships")]
    line.engine.bind("former", files)
    found = stored_verdicts(line.engine, "former")
    line.engine.drop("former")
    return found


def _former(parent: Build, name: str) -> list[str]:
    return parent.tables().get(name, [])


def _changed(line: Line, asked: Mapping[str, Node]) -> BitMap:
    """Everybody of whom a row is new, other or gone, and who was merged or parted.

    One order more moves the predictions of all a little: they count where a rule asks for them.
    """
    assert line.parent is not None
    causes = Causes(line, line.parent)
    events = {name for name in (*line.tables(), *line.parent.tables()) if name.startswith("event_")}
    names = sorted({*OF_PEOPLE, *events} - (set() if _foretold(line, asked) else {"predictions"}))
    return causes.rekeyed | BitMap.union(BitMap(), *map(causes.touched_in, names))


def _foretold(line: Line, asked: Mapping[str, Node]) -> bool:
    """Whether any rule asks for what is predicted."""
    made = {name for each in line.definitions.predictions.values() for name in predicted(each)}
    return any(each.name in made for node in asked.values() for each in references(node))


def _over(line: Line, people: BitMap) -> Renamed:
    """An engine whose tables hold these people only."""
    engine = line.engine
    engine.register(f"{AFRESH}people", pa.table({"customer": to_keys(people)}))
    keys = query(
        """SELECT customer FROM :p AS p UNION SELECT a.customer FROM aliases AS a
           JOIN :p AS p ON p.customer = a.survivor""",
        p=table(f"{AFRESH}people"),
    )
    engine.create(f"{AFRESH}keys", keys)
    names = {name: _narrowed(engine, name, name) for name in OF_PEOPLE}
    for event in line.tables("event"):
        of_one = event.replace("event_", "activity_", 1)
        home = of_one if line.table_files(of_one) else event
        names[event] = _narrowed(engine, event, home)
    shared = ["aliases", "traits", *line.tables("described")]
    own = {each: f"{AFRESH}{each}" for each in ("people", "keys")}
    return Renamed(engine, {**names, **{each: each for each in shared}, **own})


def _narrowed(engine: Engine, name: str, home: str) -> str:
    """Keep the rows of a table that are about these people, under their keys of today or former."""
    rows = query(
        "SELECT t.* FROM :t AS t WHERE t.customer IN (SELECT k.customer FROM :keys AS k)",
        t=table(home),
        keys=table(f"{AFRESH}keys"),
    )
    engine.create(f"{AFRESH}{name}", rows)
    return f"{AFRESH}{name}"
