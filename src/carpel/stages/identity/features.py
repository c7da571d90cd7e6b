"""What can be compared about people: the same few columns whatever the sources call them."""

from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, column, literal, query
from carpel.stages.identity import mailboxes
from carpel.stages.identity.nicknames import NICKNAMES

BORN = ("t_birth_date", "t_date_of_birth", "t_birthday", "t_dob")
ROLES: dict[str, tuple[str, ...]] = {
    "first_name": ("t_first_name", "t_given_name", "t_forename"),
    "last_name": ("t_last_name", "t_surname", "t_family_name"),
    "full_name": ("t_full_name", "t_name", "t_contact_name", "t_customer_name"),
    "birth_date": BORN,
    "birthday": BORN,
    "house_number": ("t_street_number", "t_house_number"),
    "street": ("t_street", "t_address", "t_street_address", "t_address_1", "t_address_line_1"),
    "district": ("t_street_2", "t_address_2", "t_address_line_2", "t_district"),
    "city": ("t_city", "t_town", "t_suburb", "t_locality"),
    "postcode": ("t_postcode", "t_postal_code", "t_zip", "t_zip_code"),
    "region": ("t_region", "t_state", "t_province", "t_county"),
    "email": ("id_email", "t_email"),
    "phone": ("id_phone", "id_mobile", "id_telephone", "t_phone", "t_mobile"),
    "national_id": (
        "id_national_id",
        "id_social_security_number",
        "id_ssn",
        "id_soc_sec_id",
        "id_tax_id",
        "id_passport",
        "t_national_id",
        "t_soc_sec_id",
    ),
}
"""What a column can be to the matcher, and the columns of `records` that are, first one first."""

SWAP_ODDS = 4.0
"""How many times likelier the other order of two names must be to be taken for the true one."""
COMMON = 0.0002
"""Share of the people who must bear a first name for it to be known as one."""


def create(engine: Engine) -> None:
    """Create `identity_features`: `node` and one text column a role, NULL where not stated.

    Text is lower case without accents or signs; a birth date is eight digits, year first. A
    birthday is what is told of one without a year, four digits: one person in 366 has it too.
    `street_number` is the first number in `street`, `street_numbers` all of them between blanks.
    """
    columns = engine.columns("identity_records")
    said = [aliased(_role(role, columns), role) for role in ROLES]
    engine.create(
        "identity_features",
        query(
            """
        SELECT DISTINCT * EXCLUDE (full_name) REPLACE (
          coalesce(first_name, split_part(full_name, ' ', 1)) AS first_name,
          coalesce(last_name, CASE WHEN contains(full_name, ' ')
                              THEN split_part(full_name, ' ', -1) END) AS last_name),
          nullif(regexp_extract(street, '[0-9]+'), '') AS street_number,
          concat(' ', array_to_string(regexp_extract_all(street, '[0-9]+'), ' '), ' ')
            AS street_numbers
        FROM (SELECT node, :said FROM identity_records)""",
            said=said,
        ),
    )
    _right_way_round(engine)
    _understand(engine)
    mailboxes.understand(engine)


def _right_way_round(engine: Engine) -> None:
    """Swap a first and a last name where the other way round is much the likelier.

    Likelier by how often everybody else bears each of the two as a first and as a last name.
    """
    engine.create(
        "identity_names",
        query("""
        SELECT name, count(*) FILTER (first) AS firsts, count(*) FILTER (NOT first) AS lasts
        FROM (SELECT first_name AS name, true AS first FROM identity_features
              UNION ALL SELECT last_name, false FROM identity_features)
        WHERE name IS NOT NULL GROUP BY name"""),
    )
    engine.create(
        "identity_features",
        query(
            """
        WITH turned AS (
          SELECT f.*, coalesce((a.lasts + 0.5) * (b.firsts + 0.5)
                               > :most * (a.firsts - 0.5) * (b.lasts - 0.5), false) AS swapped
          FROM identity_features AS f
          LEFT JOIN identity_names AS a ON a.name = f.first_name
          LEFT JOIN identity_names AS b ON b.name = f.last_name)
        SELECT * EXCLUDE (swapped) REPLACE (
          CASE WHEN swapped THEN last_name ELSE first_name END AS first_name,
          CASE WHEN swapped THEN first_name ELSE last_name END AS last_name) FROM turned""",
            most=SWAP_ODDS,
        ),
    )


def _understand(engine: Engine) -> None:
    """Add `formal_name` (Bob is a Robert) and `common_name` (it is a name, and not a slip: many
    bear it)."""
    engine.create(
        "identity_features",
        query(
            """
        SELECT f.*, coalesce(list_extract(map_extract(map(:short, :whole), f.first_name), 1),
                             f.first_name) AS formal_name,
               coalesce(n.firsts > 2 * n.lasts AND n.firsts >= greatest(3, :share * (
                   SELECT count(*) FROM identity_features)), false) AS common_name
        FROM identity_features AS f LEFT JOIN identity_names AS n ON n.name = f.first_name""",
            share=COMMON,
            short=literal(list(NICKNAMES)),
            whole=literal(list(NICKNAMES.values())),
        ),
    )
    engine.drop("identity_names")


def _role(role: str, columns: dict[str, str]) -> Tree:
    """The cleaned text of the first column that states a role; NULL where none does."""
    stated = [_clean(role, name, columns[name]) for name in ROLES[role] if name in columns]
    if not stated:
        return query("CAST(NULL AS VARCHAR)")
    return exp.func("coalesce", *stated)


def _clean(role: str, name: str, kind: str) -> Tree:
    if kind.endswith("[]"):
        return query("CAST(NULL AS VARCHAR)")
    if role == "birth_date" and kind in ("DATE", "TIMESTAMP"):
        return query("strftime(:c, '%Y%m%d')", c=column(name))
    if role == "birthday" and kind in ("DATE", "TIMESTAMP"):
        return query("CAST(NULL AS VARCHAR)")
    text = query("trim(lower(strip_accents(CAST(:c AS VARCHAR))))", c=column(name))
    return query("nullif(:kept, '')", kept=query(_KEPT.get(role, _WORDS), t=text))


_WORDS = "trim(regexp_replace(regexp_replace(:t, '[''’.]', '', 'g'), '[^\\pL\\pN]+', ' ', 'g'))"
_KEPT = {
    "email": ":t",
    "birth_date": """CASE WHEN NOT regexp_full_match(:t, '([^0-9]*[0-9]){0,4}[^0-9]*')
                          THEN left(regexp_replace(:t, '[^0-9]', '', 'g'), 8) END""",
    "birthday": r"""CASE WHEN regexp_full_match(:t, '\D*\d{1,2}\D+\d{1,2}\D*')
                         THEN lpad(regexp_extract(:t, '\d+'), 2, '0')
                           || lpad(regexp_extract(:t, '\d+\D+(\d+)', 1), 2, '0')
                         WHEN regexp_full_match(:t, '\d{4}') THEN :t END""",
    "phone": "right(regexp_replace(:t, '[^0-9]', '', 'g'), 9)",
    "national_id": "regexp_replace(:t, '[^a-z0-9]', '', 'g')",
    "postcode": "regexp_replace(:t, '[^a-z0-9]', '', 'g')",
}


def stated(engine: Engine) -> list[str]:
    """The roles that at least one person has a value for."""
    roles = [role for role in ROLES if role != "full_name"]
    counts = [aliased(query("count(:c)", c=column(role)), role) for role in roles]
    row = engine.rows(exp.select(*counts).from_("identity_features"))[0]
    return [role for role, count in zip(roles, row, strict=True) if count]
