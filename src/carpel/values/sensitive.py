"""Which facts say who somebody is, and which are of the special categories, by their names."""

import re

PERSONAL = re.compile(
    r"(^|_)(e?mail|phone|mobile|telephone|cell|fax|surname|firstname|lastname|street|address|"
    r"post_?code|postal_code|zip|zip_code|house_number|latitude|longitude|ip|iban|passport|ssn|"
    r"soc_sec_id|national_id|tax_id|notes?|comments?|website|url|domain|birth_date|"
    r"(first|last|full|given|family|middle|maiden|contact|customer|person|user)_name)"
    r"(_(address|number|no|line))?(_?\d+)?$|^name$"
)
SPECIAL = re.compile(
    r"(^|_)(ethnic|ethnicity|race|religion|religious|health|diagnosis|disability|"
    r"political|union_member|sexual|sexuality|orientation|biometric|genetic)($|_)"
)
"""Words of the special categories of personal data (GDPR, article 9)."""


def personal(name: str) -> bool:
    """Whether a field of this name holds what people are known, found or reached by."""
    return bool(PERSONAL.search(name))


def special(name: str) -> bool:
    """Whether a field of this name is of a special category of personal data."""
    return bool(SPECIAL.search(name))
