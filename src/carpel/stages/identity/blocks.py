"""Which pairs are worth comparing: those that share a block, as far as a budget of pairs goes."""

from dataclasses import dataclass

from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, column, literal, query
from carpel.stages.identity.features import ROLES

PAIRS_PER_PERSON = 8
"""Budget: blocks are used, smallest first, until this many pairs a person are compared."""
LEAST_PAIRS = 2_000_000
"""A budget that small data always has."""
MOST_IN_BLOCK = 400
"""A value that more people share is no block: a default, or the name of a city."""

BLOCKS = (
    "national_id",
    "email",
    "phone",
    "first_name, last_name",
    "first_name, birth_date",
    "last_name, birth_date",
    "mailbox",
    "first_name, birthday",
    "last_name, birthday",
    "birth_date, postcode",
    "street, house_number",
    "street, postcode",
    "last_name, left(first_name, 2), left(birth_date, 4)",
    "first_name, left(last_name, 2), left(birth_date, 4)",
    "first_name, postcode",
    "last_name, postcode",
    "house_number, postcode",
    "birth_date",
    "first_name, right(birth_date, 4)",
    "last_name, right(birth_date, 4)",
    "first_name, left(birth_date, 6)",
    "last_name, left(birth_date, 6)",
    "last_name, city",
    "first_name, city",
    "first_name, left(birth_date, 4)",
    "last_name, left(birth_date, 4)",
    "street, city",
    "left(birth_date, 6), city",
)
"""Expressions over features; equal ones put two people into one block."""

COMPARED_TOO = (
    "first_name",
    "last_name",
    "formal_name",
    "common_name",
    "mailbox",
    "mailbox_letters",
    "mailbox_digits",
    "mailbox_named",
    "national_id",
    "street_number",
    "street_numbers",
)
"""What conditions speak of, whether or not it is a role with values."""


@dataclass(frozen=True)
class Block:
    """A column of `identity_people` with block numbers, and the pairs it gives."""

    name: str
    rule: str
    pairs: int


def create(engine: Engine, roles: list[str]) -> list[Block]:
    """Create `identity_people`: what is known of each label, and a column a block that is used.

    Rows of one label that say the same are one; `identity_variants` (node, variant, label) tells
    which, `variant` being the `node` in `identity_people`. `fresh` marks those that the parent
    build did not know. An e-mail address or a phone of a whole household is left out: it says
    nothing about who of them somebody is. Gives the blocks, the one with the fewest pairs first.
    """
    _known(engine)
    engine.create(
        "identity_variants",
        query("SELECT unnest(nodes) AS node, node AS variant, label FROM identity_known"),
    )
    rules = [rule for rule in BLOCKS if _roles(rule) <= {*roles, "mailbox"}]
    named = {f"block_{number}": rule for number, rule in enumerate(rules)}
    keys = [aliased(_key(rule), name) for name, rule in named.items()]
    engine.create(
        "identity_blocked", exp.select(query("* EXCLUDE (nodes)"), *keys).from_("identity_known")
    )
    used = _affordable(engine, [_measured(engine, name, rule) for name, rule in named.items()])
    said = ["node", "label", "fresh", *dict.fromkeys([*roles, *COMPARED_TOO])]
    engine.create(
        "identity_people",
        exp.select(*map(column, said), *map(_uncrowded, used)).from_("identity_blocked"),
    )
    engine.drop("identity_known")
    engine.drop("identity_blocked")
    return used


def _known(engine: Engine) -> None:
    """Create `identity_known`: a row for everything different that is known of a label."""
    engine.create(
        "identity_known",
        query(
            """
        SELECT min(f.node) AS node, list(f.node) AS nodes, n.label,
               bool_or(k.former IS NULL) AS fresh,
               f.* EXCLUDE (node) REPLACE (
                 CASE WHEN m.node IS NULL THEN email END AS email,
                 CASE WHEN m.node IS NULL THEN mailbox END AS mailbox,
                 CASE WHEN p.node IS NULL THEN phone END AS phone)
        FROM identity_features AS f JOIN identity_labels AS n ON n.node = f.node
        JOIN identity_nodes AS k ON k.node = f.node
        LEFT JOIN :mails AS m ON m.node = f.node LEFT JOIN :phones AS p ON p.node = f.node
        GROUP BY ALL""",
            mails=_of_households("email"),
            phones=_of_households("phone"),
        ),
    )


def _of_households(role: str) -> Tree:
    """Nodes with an identifier in this role that a household shares."""
    kinds = [source.removeprefix("id_") for source in ROLES[role] if source.startswith("id_")]
    return query(
        """(SELECT DISTINCT i.node FROM identity_identifiers AS i
                     JOIN identity_household AS h ON h.kind = i.kind AND h.value = i.value
                     WHERE list_contains(:kinds, i.kind))""",
        kinds=literal(kinds),
    )


def _roles(rule: str) -> set[str]:
    return {each.name for each in query(f"[{rule}]").find_all(exp.Column)}


def _key(rule: str) -> Tree:
    """A number that two people share where all parts are equal; NULL where one is not known."""
    parts = query(f"[{rule}]").expressions
    known = exp.and_(*(query("(:part) IS NOT NULL", part=part) for part in parts))
    return exp.Case().when(known, exp.func("hash", *parts))


def _measured(engine: Engine, name: str, rule: str) -> Block:
    pairs = engine.value(
        query(
            """
        SELECT sum(n * (n - 1) / 2) FROM (
          SELECT count(*) AS n FROM identity_blocked WHERE :b IS NOT NULL GROUP BY :b)
        WHERE n <= :most""",
            b=column(name),
            most=MOST_IN_BLOCK,
        )
    )
    return Block(name, rule, int(pairs or 0))


def _affordable(engine: Engine, blocks: list[Block]) -> list[Block]:
    """The smallest blocks whose pairs together stay within the budget, empty ones left out."""
    people = int(engine.value(query("SELECT count(*) FROM identity_blocked")))
    left, used = max(LEAST_PAIRS, PAIRS_PER_PERSON * people), []
    for block in sorted(blocks, key=lambda block: block.pairs):
        left -= block.pairs
        if left >= 0 and block.pairs:
            used.append(block)
    return used


def _uncrowded(block: Block) -> Tree:
    """The column of a block, NULL where too many people share it."""
    return aliased(
        query(
            """
        CASE WHEN :b NOT IN (SELECT :b FROM identity_blocked WHERE :b IS NOT NULL
                             GROUP BY :b HAVING count(*) > :most) THEN :b END""",
            b=column(block.name),
            most=MOST_IN_BLOCK,
        ),
        block.name,
    )
