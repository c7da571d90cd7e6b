"""E-mail addresses that repeat a name tell no more than the name, but for their digits."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import query
from carpel.stages.identity import Identity, mailboxes
from carpel.stages.identity.comparisons import comparisons
from carpel.testing.line import entries, line_with, read, take

pytestmark = pytest.mark.slow

FIRST = ["Anna", "Ben", "Clara", "David", "Emma", "Felix"]
LAST = ["Schmidt", "Müller", "Weber", "Wagner", "Becker"]
Row = dict[str, str | None]


def understood(people: Sequence[tuple[str | None, str | None, str]]) -> list[dict[str, Any]]:
    engine = DuckDB()
    rows = [
        {
            "node": n,
            "first_name": first,
            "last_name": last,
            "formal_name": first,
            "common_name": False,
            "email": email,
        }
        for n, (first, last, email) in enumerate(people)
    ]
    engine.register("given", pa.Table.from_pylist(rows))
    engine.create("identity_features", query("SELECT * FROM given"))
    mailboxes.understand(engine)
    found = engine.fetch(query("SELECT * FROM identity_features ORDER BY node"))
    return list(found.to_pylist())


@pytest.mark.parametrize(
    ("first", "last", "mailbox", "named"),
    [
        ("anna", "schmidt", "anna.schmidt12", True),
        ("anna", "schmidt", "Schmidt_Anna".lower(), True),
        ("anna", "schmidt", "a-schmidt1980", True),
        ("anna", "schmidt", "schmidt.a", True),
        ("anna", "schmidt", "as77", True),
        ("anna", "schmidt", "anna", True),
        ("anna", "muller", "anna.mueller3", True),
        ("anna", "muller", "anna.müller", True),
        ("anna", "groß", "a.gross", True),
        ("anna maria", "lee smith", "annamaria.smith", True),
        ("anna maria", "lee smith", "anna.leesmith", True),
        (None, "schmidt", "schmidt57", True),
        (None, "schmidt", "annaschmidt57", False),
        ("anna", "schmidt", "sunshine57", False),
        ("anna", "schmidt", "annas.blumen", False),
        ("anna", "schmidt", "123456", False),
        (None, None, "anna.schmidt", False),
    ],
)
def test_what_merely_repeats_a_name(
    first: str | None, last: str | None, mailbox: str, named: bool
) -> None:
    assert understood([(first, last, f"{mailbox}@x.example")])[0]["mailbox_named"] is named


def weighed(left: str, right: str, name: tuple[str, str] = ("anna", "schmidt")) -> str:
    """Whether two addresses of people of one name speak `for`, `against` or say `nothing`.

    What is learnt from data speaks for, other than the last level.
    """
    rows = understood([(*name, left), (*name, right)])
    pair = {f"{k}_l": [v] for k, v in rows[0].items()} | {f"{k}_r": [v] for k, v in rows[1].items()}
    engine = DuckDB()
    engine.register("pair", pa.table(pair))
    for level in comparisons(["email"])[0]["comparison_levels"]:
        condition = level["sql_condition"]
        if condition == "ELSE" or engine.value(query(f"SELECT {condition} FROM pair")):
            m, u = level.get("m_probability", 0), level.get("u_probability", 0)
            if condition == "ELSE":
                return "different"
            return "nothing" if m == u else "for" if m > u else "against"
    raise AssertionError("no level holds")


@pytest.mark.parametrize(
    ("left", "right", "says"),
    [
        ("anna.schmidt12@a.example", "anna.schmidt12@a.example", "for"),
        ("anna.schmidt12@a.example", "ana.schmidt12@a.example", "for"),
        ("anna.schmidt@a.example", "ana.schmidt@a.example", "for"),
        ("anna.schmidt@hello.example", "anna.schmidt@helo.example", "for"),
        ("anna.schmidt12@a.example", "schmidt.anna12@other.example", "for"),
        ("anna.schmidt12@a.example", "anna.schmidt57@a.example", "against"),
        ("anna.schmidt12@a.example", "a.schmidt57@other.example", "against"),
        ("anna.schmidt12@a.example", "anna.schmdt57@a.example", "against"),
        ("anna.schmidt@a.example", "anna.schmidt@other.example", "nothing"),
        ("anna.schmidt@a.example", "annaschmidt@a.example", "nothing"),
        ("anna.schmidt@a.example", "aschmidt12@other.example", "nothing"),
        ("sunshine12@a.example", "sunshine12@other.example", "for"),
        ("member12@a.example", "member57@a.example", "against"),
        ("sunshine@a.example", "kitten@a.example", "different"),
    ],
)
def test_what_two_addresses_of_one_name_say(left: str, right: str, says: str) -> None:
    assert (weighed(left, right), weighed(right, left)) == (says, says)


def test_an_address_never_speaks_of_another_name() -> None:
    one, other = understood(
        [("anna", "schmidt", "anna.schmidt12@a.example"), ("ben", "weber", "bw57@a.example")]
    )
    assert one["mailbox_named"] and other["mailbox_named"]
    engine = DuckDB()
    engine.register(
        "pair",
        pa.table(
            {f"{k}_l": [v] for k, v in one.items()} | {f"{k}_r": [v] for k, v in other.items()}
        ),
    )
    conditions = [each["sql_condition"] for each in comparisons(["email"])[0]["comparison_levels"]]
    assert not any(engine.value(query(f"SELECT {each} FROM pair")) for each in conditions[:-1])


def members(count: int, seed: int) -> list[Row]:
    """A gym's members: few names, an address of each made of the name and two digits."""
    chance = random.Random(seed)
    made: dict[str, Row] = {}
    while len(made) < count:
        first, last = chance.choice(FIRST), chance.choice(LAST)
        plain = last.replace("ü", "ue")
        email = f"{first}.{plain}{chance.randint(1, 99)}@mail.example".lower()
        made[email] = {
            "t_first_name": first,
            "t_last_name": last,
            "id_email": email,
            "t_postcode": str(chance.randint(10000, 99999)),
        }
    return [{**row, "id_member_id": f"M{n}"} for n, row in enumerate(made.values())]


def mistyped(email: str, seed: int) -> str:
    """One letter of the name left out."""
    letters = [n for n, sign in enumerate(email.split("@")[0]) if n and sign.isalpha()]
    at = random.Random(seed).choice(letters)
    return email[:at] + email[at + 1 :]


def resolved(folder: Path, rows: Sequence[Row]) -> list[int]:
    """The customer of every row."""
    data = entries(rows, {name: name for row in rows for name in row})
    identities = read(take(line_with(folder, {"records": data}), [Identity()]), "identities")
    return [row["customer"] for row in sorted(identities, key=lambda row: int(row["ref"]))]


@pytest.mark.parametrize("keyed", [True, False])
def test_members_of_few_names_stay_as_many_as_they_are(tmp_path: Path, keyed: bool) -> None:
    pytest.importorskip("splink")
    rows = members(200, seed=1)
    if not keyed:
        rows = [{k: v for k, v in row.items() if k != "id_member_id"} for row in rows]
    assert len(set(resolved(tmp_path, rows))) >= 197


@pytest.mark.parametrize("slip", [False, True])
def test_the_same_members_in_a_second_file_are_found(tmp_path: Path, slip: bool) -> None:
    pytest.importorskip("splink")
    rows = members(200, seed=2)
    again = [
        {
            **{k: v for k, v in row.items() if k != "id_member_id"},
            "id_email": mistyped(str(row["id_email"]), n) if slip else row["id_email"],
            "id_card_number": f"C{n}",
        }
        for n, row in enumerate(rows)
    ]
    customers = resolved(tmp_path, [*rows, *again])
    found = [a == b for a, b in zip(customers[:200], customers[200:], strict=True)]
    assert sum(found) >= 197
    assert len(set(customers)) >= 197


def test_a_family_with_addresses_of_one_pattern_stays_a_family(tmp_path: Path) -> None:
    """Everybody of a house at `first.last` and the year they moved in, in two files."""
    pytest.importorskip("splink")
    chance = random.Random(3)
    rows: list[Row] = []
    for house in range(60):
        last, number = f"{LAST[house % 5]}{chr(97 + house // 5)}", chance.randint(10, 99)
        plain = last.replace("ü", "ue")
        rows += [
            {
                "t_first_name": first,
                "t_last_name": last,
                "id_email": f"{first}.{plain}{number}@mail.example".lower(),
                "t_street": f"Lindenweg {house}",
                "t_postcode": str(10000 + 37 * house),
            }
            for first in chance.sample(FIRST, 3)
        ]
    again = [{**row, "id_email": mistyped(str(row["id_email"]), n)} for n, row in enumerate(rows)]
    customers = resolved(tmp_path, [*rows, *again])
    assert customers[:180] == customers[180:]
    assert len(set(customers)) == 180
