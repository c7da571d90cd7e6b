"""What can be compared about people: the same few columns whatever the sources call them."""

from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, column, query

ROLES: dict[str, tuple[str, ...]] = {
    "first_name": ("t_first_name", "t_given_name", "t_forename"),
    "last_name": ("t_last_name", "t_surname", "t_family_name"),
    "full_name": ("t_full_name", "t_name", "t_contact_name", "t_customer_name"),
    "birth_date": ("t_birth_date", "t_date_of_birth", "t_birthday", "t_dob"),
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


def create(engine: Engine) -> None:
    """Create `identity_features`: `node` and one text column a role, NULL where not stated.

    Text is lower case without accents or signs; a birth date is eight digits, year first.
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
                              THEN split_part(full_name, ' ', -1) END) AS last_name)
        FROM (SELECT node, :said FROM identity_records)""",
            said=said,
        ),
    )


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
    text = query("trim(lower(strip_accents(CAST(:c AS VARCHAR))))", c=column(name))
    return query("nullif(:kept, '')", kept=query(_KEPT.get(role, _WORDS), t=text))


_WORDS = "trim(regexp_replace(regexp_replace(:t, '[''’.]', '', 'g'), '[^\\pL\\pN]+', ' ', 'g'))"
_KEPT = {
    "email": ":t",
    "birth_date": "left(regexp_replace(:t, '[^0-9]', '', 'g'), 8)",
    "phone": "right(regexp_replace(:t, '[^0-9]', '', 'g'), 9)",
    "national_id": "regexp_replace(:t, '[^a-z0-9]', '', 'g')",
    "postcode": "regexp_replace(:t, '[^a-z0-9]', '', 'g')",
}


def stated(engine: Engine) -> list[str]:
    """The roles that at least one person has a value for."""
    roles = [role for role in ROLES if role != "full_name"]
    counts = [aliased(query("count(:c)", c=column(role)), role) for role in roles]
    row = engine.rows(query("SELECT :counts FROM identity_features", counts=counts))[0]
    return [role for role, count in zip(roles, row, strict=True) if count]
