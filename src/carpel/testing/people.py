"""Made-up people and what several systems know of them, with the truth kept aside.

Nobody here exists: first names are common ones, everything else is put together from syllables.
The same seed, number and DuckDB version give the same people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import Tree, literal, query
from carpel.testing.chance import chance, draw, pick
from carpel.testing.mistakes import spoil
from carpel.testing.names import (
    DOMAINS,
    FIRST_NAMES,
    LAST_ENDS,
    LAST_MIDDLES,
    LAST_STARTS,
    STREET_ENDS,
    STREET_STARTS,
    TOWN_ENDS,
    TOWN_STARTS,
)

RECORDED = {
    "first_name": "t_first_name",
    "last_name": "t_last_name",
    "birth_date": "t_birth_date",
    "email": "id_email",
    "phone": "id_phone",
    "street": "t_street",
    "house_number": "t_street_number",
    "postcode": "t_postcode",
    "city": "t_city",
}
"""Where `records` has what an entry of a made population states."""


@dataclass(frozen=True)
class Population:
    """What systems know, and who is who."""

    systems: Mapping[str, pa.Table]
    """A table a system: `entry` (its own number of the row), names, birth date, e-mail, phone,
    address, `updated_at`; shuffled."""
    truth: pa.Table
    """`system`, `entry`, `person` (1 to n), `family`: one row an entry."""


def population(
    people: int, *, seed: int, corrupted: float = 0.12, systems: Sequence[str] = ("crm", "shop")
) -> Population:
    """Make people and their entries, about two a person.

    In a family people share a last name and an address, in some an e-mail address or a phone;
    some brothers and sisters are twins. The first system knows nine people in ten, every
    further one seven; one entry in twelve was made twice. `corrupted` is the share of fields
    that are wrong, missing or outdated; a moved house or a married name counts.
    """
    engine = DuckDB(memory="4GB")
    engine.create("families", _families(people, seed))
    engine.create("people", _people(people, seed))
    engine.create("entries", _entries(seed, systems))
    engine.create("known", spoil(seed, corrupted))
    truth = engine.fetch(query("SELECT system, entry, person, family FROM known ORDER BY ALL"))
    known = {
        system: engine.fetch(
            query(
                "SELECT * EXCLUDE (system, person, family) FROM known "
                "WHERE system = :it ORDER BY entry",
                it=system,
            )
        )
        for system in systems
    }
    engine.close()
    return Population(known, truth)


def _families(people: int, seed: int) -> Tree:
    """Families of one to five with what they share; enough for everybody."""
    size = pick(seed, "family", "size", literal([1, 1, 1, 1, 1, 2, 2, 2, 3, 4, 4, 5]))
    return query(
        """
        SELECT family, :size AS size, :last AS last_name, :street AS street, :number AS number,
               :town AS town, :area AS area, :mail AS one_mail, :phone AS one_phone,
               :twins AS twins
        FROM (SELECT unnest(range(1, :people + 1)) AS family)""",
        people=people,
        size=size,
        last=_last_name(seed, "family", "last"),
        mail=chance(seed, "family", "mail", 0.2),
        phone=chance(seed, "family", "phone", 0.3),
        twins=chance(seed, "family", "twins", 0.08),
        **_address(seed, "family", "home"),
    )


def _last_name(seed: int, key: str, salt: str) -> Tree:
    return query(
        "concat(:a, :b, :c)",
        a=pick(seed, key, f"{salt} a", literal(LAST_STARTS), 1.4),
        b=pick(seed, key, f"{salt} b", literal(LAST_MIDDLES)),
        c=pick(seed, key, f"{salt} c", literal(LAST_ENDS), 1.4),
    )


def _address(seed: int, key: str, salt: str) -> dict[str, Tree]:
    return {
        "street": query(
            "concat(:a, :b)",
            a=pick(seed, key, f"{salt} a", literal(STREET_STARTS)),
            b=pick(seed, key, f"{salt} b", literal(STREET_ENDS), 2.0),
        ),
        "number": pick(seed, key, f"{salt} n", query("range(1, 120)"), 1.5),
        "town": pick(
            seed, key, f"{salt} t", query("range(0, :n)", n=len(TOWN_STARTS) * len(TOWN_ENDS)), 1.7
        ),
        "area": pick(seed, key, f"{salt} p", query("range(0, 20)")),
    }


def _people(people: int, seed: int) -> Tree:
    """Everybody as they are, and as they were before they moved or married."""
    return query(
        """
        SELECT *, CASE WHEN one_mail THEN concat('familie.', :plain, family, '@', :domain)
                  ELSE concat(:handle, person, '@', :domain) END AS email,
               :phone AS phone, :old_phone AS old_phone
        FROM (SELECT * REPLACE (CASE WHEN :own THEN :last ELSE last_name END AS last_name),
                     :first AS first_name, strftime(:born, '%Y-%m-%d') AS birth_date,
                     CASE WHEN :married THEN :maiden ELSE last_name END AS old_last_name,
                     :moved AS moved, :street AS old_street, :number AS old_number,
                     :town AS old_town, :area AS old_area
              FROM :numbered)""",
        numbered=_numbered(people),
        plain=query("replace(strip_accents(last_name), 'ß', 'ss')"),
        domain=pick(seed, "family", "domain", literal(DOMAINS)),
        handle=pick(
            seed,
            "person",
            "handle",
            query("""[
                     concat(strip_accents(first_name), '.', strip_accents(last_name)),
                     concat(left(first_name, 1), '.', strip_accents(last_name)),
                     strip_accents(first_name), concat(strip_accents(last_name), '_')]"""),
        ),
        phone=_phone(query("CASE WHEN one_phone THEN family + 50000000 ELSE person END")),
        old_phone=_phone(query("person + 25000000")),
        own=chance(seed, "person", "own", 0.1),
        last=_last_name(seed, "person", "last"),
        first=_first_name(seed),
        married=chance(seed, "person", "married", 0.08),
        born=query(
            "DATE '1938-01-01' + CAST(:draw * 25500 AS INT)", draw=draw(seed, "womb", "born")
        ),
        maiden=_last_name(seed, "person", "maiden"),
        moved=chance(seed, "person", "moved", 0.3),
        **_address(seed, "person", "before"),
    )


def _numbered(people: int) -> Tree:
    """People from 1; `womb` is one number for twins."""
    return query(
        """(
        SELECT *, CASE WHEN twins AND size > 1 AND member >= size - 1 THEN -family
                  ELSE person END AS womb
        FROM (SELECT *, row_number() OVER (ORDER BY family, member) AS person
              FROM (SELECT *, unnest(range(1, size + 1)) AS member FROM families))
        WHERE person <= :people)""",
        people=people,
    )


def _first_name(seed: int) -> Tree:
    """A name that nobody else in the family has."""
    return query(
        """list_extract(:names, 1 + (
        CAST(floor(power(:draw, 1.5) * :n) AS INT) + member * CAST(1 + 40 * :step AS INT)) % :n)""",
        names=literal(FIRST_NAMES),
        n=len(FIRST_NAMES),
        draw=draw(seed, "family", "first"),
        step=draw(seed, "family", "step"),
    )


def _phone(number: Tree) -> Tree:
    return query(
        "concat('+49176', "
        "lpad(CAST((CAST(:n AS BIGINT) * 7919 + 12345) % 100000000 AS VARCHAR), 8, '0'))",
        n=number,
    )


def _entries(seed: int, systems: Sequence[str]) -> Tree:
    """What each system would know without mistakes; one in eight entries is years old."""
    return query(
        """
        SELECT system, row_number() OVER (PARTITION BY system ORDER BY :shuffled, slip) AS entry,
               slip, person, family, :first_name AS first_name, :last_name AS last_name,
               birth_date, email, CASE WHEN old AND moved THEN old_phone ELSE phone END AS phone,
               CASE WHEN old AND moved THEN old_street ELSE street END AS street,
               CAST(CASE WHEN old AND moved THEN old_number ELSE number END AS VARCHAR
                    ) AS house_number,
               CAST(CASE WHEN old AND moved THEN 10000 + old_town * 100 + old_area
                         ELSE 10000 + town * 100 + area END AS VARCHAR) AS postcode,
               :city AS city,
               CASE WHEN old THEN TIMESTAMP '2018-01-01' ELSE TIMESTAMP '2023-01-01' END
               + to_seconds(CAST(floor(:since * 86400 * 1000) AS BIGINT)) AS updated_at
        FROM (SELECT *, :old AS old FROM :copies WHERE :known)""",
        shuffled=draw(seed, "slip", "order"),
        first_name=_capital(query("first_name")),
        last_name=_capital(query("CASE WHEN old THEN old_last_name ELSE last_name END")),
        city=_city("CASE WHEN old AND moved THEN old_town ELSE town END"),
        since=draw(seed, "slip", "since"),
        old=chance(seed, "slip", "old", 0.125),
        copies=_copies(systems),
        known=query(
            ":draw < CASE WHEN copy = 2 THEN 0.08 WHEN place = 1 THEN 1 ELSE 0.7 END",
            draw=draw(seed, "slip", "known"),
        ),
    )


def _copies(systems: Sequence[str]) -> Tree:
    """Everybody twice in every system; `slip` tells each apart from all others."""
    return query(
        """(
        SELECT *, list_extract(:systems, place) AS system, (person * :n + place) * 2 + copy AS slip
        FROM people, (SELECT unnest(range(1, :n + 1)) AS place),
             (SELECT unnest([1, 2]) AS copy))""",
        systems=literal(list(systems)),
        n=len(systems),
    )


def _city(town: str) -> Tree:
    starts, ends = literal(TOWN_STARTS), literal(TOWN_ENDS)
    return query(
        """concat(:start, list_extract(:ends, 1 + :town % :n))""",
        start=_capital(
            query(
                "list_extract(:starts, 1 + :town // :n)",
                starts=starts,
                town=query(f"({town})"),
                n=len(TOWN_ENDS),
            )
        ),
        ends=ends,
        town=query(f"({town})"),
        n=len(TOWN_ENDS),
    )


def _capital(text: Tree) -> Tree:
    return query("upper(left(:t, 1)) || substr(:t, 2)", t=text)
