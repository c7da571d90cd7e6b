"""What a build knows of names and kinds: what a rule can be held against before it is evaluated."""

from carpel.engine.query import query, table
from carpel.evaluation.comparisons import kind_of
from carpel.evaluation.units import account_kinds
from carpel.language.checks import Vocabulary
from carpel.language.checks.cost import CUSTOMERS
from carpel.manifest.meaning import with_rules
from carpel.verbs.reader import Reader


def vocabulary(reader: Reader) -> Vocabulary:
    """Kinds of traits and properties, sizes of tables, the project's own segments and places."""
    catalogue = reader.evaluator.catalogue
    events = reader.build.events()
    known = Vocabulary(
        traits={name: kind for name, (kind, _, _) in catalogue.traits.items()},
        account_traits=account_kinds(catalogue),
        properties={event: _properties(reader, home) for event, home in events.items()},
        rows={event: _rows(reader, home) for event, home in events.items()}
        | {CUSTOMERS: _rows(reader, CUSTOMERS)},
    )
    return with_rules(known, reader.definitions)


def _properties(reader: Reader, home: str) -> dict[str, str]:
    """Properties of an event, its own and those of what it names."""
    columns = reader.evaluator.catalogue.columns
    own = columns(home)
    looked_up = {name: kind for key in own for name, kind in columns(f"described_{key}").items()}
    return {name: kind_of(kind) for name, kind in {**looked_up, **own}.items()}


def _rows(reader: Reader, name: str) -> int:
    return int(reader.engine.value(query("SELECT count(*) FROM :t", t=table(name))))
