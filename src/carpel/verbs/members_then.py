"""Who was in a segment at an earlier moment, also before there was any history of it."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from pyroaring import BitMap

from carpel.engine.query import aliased, column, query
from carpel.errors import NotFound
from carpel.evaluation import Evaluator
from carpel.evaluation.history import History
from carpel.evaluation.movements import stored
from carpel.language import Node, RuleError, SegmentationRef
from carpel.language.references import references
from carpel.specs import Clusters
from carpel.stages.base import Line
from carpel.stages.profiles import as_known
from carpel.stages.segments.standings import by_event
from carpel.verbs.reader import Reader
from carpel.verbs.ways import stated

MADE = ("standings", "standing", "placed", "gaps", "rhythms")


def members_then(line: Line, reader: Reader, segment: str, moment: datetime) -> BitMap | None:
    """By history, else by its rule over what was known then; None where neither can tell."""
    history = History(line.engine)
    began = history.began(segment)
    if began is not None and stored(began) <= moment:
        return history.members_at(segment, moment) & reader.evaluator.universe
    rules = {name: each.rule for name, each in reader.definitions.segments.items()}
    rule = _rule(segment, rules)
    if rule is None:
        return None
    try:
        with as_known(line, moment, stated(line)) as then, _placed(then.line, _sets(rule, rules)):
            at = moment.replace(tzinfo=UTC)
            evaluator = Evaluator(line.engine, as_of=at, zone=line.zone, segments=rules)
            return evaluator.sets(rule).yes
    except (NotFound, RuleError):
        return None


def _rule(segment: str, rules: Mapping[str, Node]) -> Node | None:
    """A segment's own, or that somebody is in this place of a set."""
    name, dot, place = segment.partition(".")
    return SegmentationRef(name, (place,)) if dot else rules.get(segment)


def _sets(rule: Node, rules: Mapping[str, Node]) -> set[str]:
    """Sets of segments that a rule speaks of, also by way of other segments."""
    open_, seen, found = [rule], set[str](), set[str]()
    while open_:
        for each in references(open_.pop()):
            name, dot, _ = each.name.partition(".")
            if each.kind == "segmentation" or (each.kind == "segment" and dot):
                found.add(name)
            elif each.kind == "segment" and name not in seen and name in rules:
                seen.add(name)
                open_.append(rules[name])
    return found


@contextmanager
def _placed(then: Line, names: Collection[str]) -> Iterator[None]:
    """Let `standings` be those of the moment, in these sets; raises NotFound for one of clusters.

    Which groups lie in the data is found anew by each build, and was otherwise then.
    """
    specs, engine = then.definitions.segmentations, then.engine
    engine.create("standing", query("SELECT customer FROM customers"))
    try:
        for name in names:
            spec = specs.get(name)
            if spec is None or isinstance(spec, Clusters):
                raise NotFound("set of segments at an earlier moment", name)
            engine.create("placed", by_event(then, spec)[0])
            place = aliased(column("place", "p"), name)
            join = "SELECT s.*, :place FROM standing AS s JOIN placed AS p USING (customer)"
            engine.create("standing", query(join, place=place))
        engine.create("standings", query("SELECT * FROM standing"))
        yield
    finally:
        for name in MADE:
            engine.drop(name)
        then.bind(["standings"])
