"""From weights to people: how many matches there are, which ones count, and joining them."""

from collections.abc import Mapping, Sequence
from functools import reduce

from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, column, query
from carpel.stages.identity import blocks, features, matcher
from carpel.stages.identity.clusters import join
from carpel.stages.identity.comparisons import OWN
from carpel.stages.identity.conflicts import another_person
from carpel.stages.identity.matcher import Model

LEAST_WEIGHT = 1.0
"""Two records are one person from these odds on, as a power of 2, the odds before included."""
LEAST_OWN_WEIGHT = 2.0
"""So much must come from what people of one household do not share."""
STRONG = ("birth_date", "email", "phone", "national_id", "street")
"""Roles that tell people of one name in one town apart."""
LEAST_STRONG_WEIGHT = 3.0
"""So much must come from strong roles where a system keeps both under different own keys."""
ROUNDS = 25


def possible(engine: Engine) -> list[str]:
    """The roles to compare people by; none where there are no names, or nothing beside them."""
    roles = features.stated(engine)
    named = {"first_name", "last_name"} & set(roles)
    return roles if named and len(roles) > len(named) else []


def resolve(engine: Engine, model: Model | None, roles: Sequence[str]) -> Model | None:
    """Make `identity_labels` coarser by likeness; creates `identity_matches`; gives the model.

    A given model is used as it is; without one, one is trained on these records. Where nobody says
    anything that somebody else says too, nobody is compared and nothing is trained.
    """
    compared = model["roles"] if model else list(roles)
    chosen = blocks.create(engine, compared)
    if not chosen:
        nothing(engine)
        _forget(engine, "people", "variants")
        return model
    model = model or matcher.train(engine, compared)
    matcher.score(engine, model, chosen)
    shift, rate = _calibrated(engine, model)
    _matches(engine, compared, shift)
    _own_keys(engine)
    _backed(engine)
    join(engine, "identity_matches", another_person("a", "b"), keyed=True)
    _forget(engine, "scores", "people", "variants", "own_keys", "backed")
    return {**model, "matches_per_person": model["matches_per_person"] or rate}


def _forget(engine: Engine, *names: str) -> None:
    for name in names:
        engine.drop(f"identity_{name}")


def nothing(engine: Engine) -> None:
    """Create `identity_matches` where nobody was compared."""
    engine.create(
        "identity_matches",
        query("""
        SELECT 0::BIGINT AS l, 0::BIGINT AS r, 0::DOUBLE AS rank, 0::DOUBLE AS probability,
               '' AS evidence WHERE false"""),
    )


def _calibrated(engine: Engine, model: Model) -> tuple[float, float]:
    """What to add to all weights so that the matches expected are those assumed, and their number
    a person: expectation maximisation of the share of matches alone."""
    people = int(engine.value(query("SELECT count(*) FROM identity_people")))
    assumed = rate = model["matches_per_person"] or 0.2
    if model["matches_per_person"]:
        return 0.0, rate
    joined = float(
        engine.value(
            query("""
        SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM (
          SELECT count(DISTINCT node) AS n FROM identity_people GROUP BY label)""")
        )
    )
    for _ in range(ROUNDS):
        expected = engine.value(
            query(
                """
            SELECT coalesce(sum(1 / (1 + power(2, -match_weight) * :by)), 0)
            FROM identity_scores""",
                by=assumed / rate,
            )
        )
        rate = max((joined + float(expected)) / max(people, 1), 1 / max(people, 1))
    return float(engine.value(query("SELECT log2(:ratio)", ratio=rate / assumed))), rate


def _matches(engine: Engine, roles: Sequence[str], shift: float) -> None:
    """Create `identity_matches` (l, r, rank, probability, evidence): pairs that are one person."""
    scored = engine.columns("identity_scores")
    engine.create(
        "identity_matches",
        query(
            """
        SELECT s.node_l AS l, s.node_r AS r, :strong AS strong,
               -(s.match_weight + :shift) AS rank,
               1 / (1 + power(2, -(s.match_weight + :shift))) AS probability,
               :evidence AS evidence
        FROM identity_scores AS s
        JOIN identity_people AS a ON a.node = s.node_l
        JOIN identity_people AS b ON b.node = s.node_r
        WHERE s.match_weight + :shift >= :least AND (:own) >= :least_own AND NOT (:another)""",
            shift=shift,
            least=LEAST_WEIGHT,
            least_own=LEAST_OWN_WEIGHT,
            evidence=_evidence(scored, roles),
            own=_own(scored, roles),
            strong=_strong(scored, roles),
            another=another_person("a", "b"),
        ),
    )


def _own_keys(engine: Engine) -> None:
    """Create `identity_own_keys` (variant, label, kind, value): systems' own keys of the named.

    A row without a name has been joined by what it says, and can't be compared by likeness.
    """
    engine.create(
        "identity_own_keys",
        query("""
        SELECT DISTINCT v.variant, v.label, i.kind, i.value
        FROM identity_identifiers AS i JOIN identity_variants AS v ON v.node = i.node
        JOIN identity_people AS p ON p.node = v.variant AND p.label = v.label
        WHERE NOT i.shared AND coalesce(p.first_name, p.last_name) IS NOT NULL"""),
    )


def _backed(engine: Engine) -> None:
    """Create `identity_backed` (l, r, kind): labels under two keys of a system that are one all
    the same, as more than a name and a town of those who hold them agree."""
    engine.create(
        "identity_backed",
        query(
            """
        SELECT DISTINCT least(a.label, b.label) AS l, greatest(a.label, b.label) AS r, a.kind
        FROM identity_matches AS m JOIN identity_own_keys AS a ON a.variant = m.l
        JOIN identity_own_keys AS b ON b.variant = m.r AND b.kind = a.kind
        WHERE m.strong >= :least""",
            least=LEAST_STRONG_WEIGHT,
        ),
    )


def _strong(scored: Mapping[str, str], roles: Sequence[str]) -> Tree:
    """The weight of what strong roles say, for and against."""
    parts = [query("0"), *(_weight(scored, role) for role in roles if role in STRONG)]
    return reduce(lambda a, b: exp.Add(this=a, expression=b), parts)


def _weight(scored: Mapping[str, str], role: str) -> Tree:
    """What a role's agreement weighs, the rarity of its value included; 0 where not stated."""
    parts = [
        query("coalesce(:p, 0)", p=column(name, "s"))
        for name in (f"mw_{role}", f"mw_tf_adj_{role}")
        if name in scored
    ]
    return exp.Paren(this=reduce(lambda a, b: exp.Add(this=a, expression=b), parts))


def _own(scored: Mapping[str, str], roles: Sequence[str]) -> Tree:
    """The weight of what is a person's own.

    A first name is not where last names clearly differ: a town has many of it. A birth date is
    not where first names differ: twins. An e-mail address is not where birth dates clearly
    differ: parents and children; nor where first names do, last names don't, and no birth date
    says that they are one all the same: a couple.
    """
    weight = {role: _weight(scored, role) for role in roles if role in OWN}
    parts = [query("0"), *weight.values(), *_of_couples(scored, roles)]
    for role, unless, below in (
        ("first_name", "last_name", -2),
        ("birth_date", "first_name", 0),
        ("birthday", "first_name", 0),
        ("email", "birth_date", -4),
    ):
        if {role, unless} <= set(roles):
            parts.append(
                query(
                    "CASE WHEN :unless < :below THEN least(-(:w), 0) ELSE 0 END",
                    unless=_weight(scored, unless),
                    below=below,
                    w=weight[role],
                )
            )
    return reduce(lambda a, b: exp.Add(this=a, expression=b), parts)


def _of_couples(scored: Mapping[str, str], roles: Sequence[str]) -> list[Tree]:
    """What takes a shared e-mail address away from couples and siblings."""
    if not {"email", "first_name", "last_name"} <= set(roles):
        return []
    born = _weight(scored, "birth_date") if "birth_date" in roles else query("0")
    text = """CASE WHEN :first < -1 AND :last > 0 AND :born <= 0
                   THEN least(-(:email), 0) ELSE 0 END"""
    said = {"first": "first_name", "last": "last_name", "email": "email"}
    weights = {name: _weight(scored, role) for name, role in said.items()}
    return [query(text, born=born, **weights)]


def _evidence(scored: Mapping[str, str], roles: Sequence[str]) -> Tree:
    """How much each role speaks for or against, without values: `birth_date +9.1, city -2.4`."""
    said = [
        query(
            "CASE WHEN round(:w, 1) <> 0 THEN format(:said, :w) END",
            w=_weight(scored, role),
            said=role + " {:+.1f}",
        )
        for role in roles
    ]
    return query("concat_ws(', ', :said)", said=said)
