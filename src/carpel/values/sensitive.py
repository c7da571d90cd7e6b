"""Which facts say who somebody is, and which are of the special categories, by their names."""

import re
import unicodedata

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

DELICATE = re.compile(
    r"(?i)(?<![^\W\d_])(medic\w*|pharma\w*|drugs?|health\w*|disease\w*|diabet\w*|cancer|pills?|"
    r"supplements?|vitamins?|flu|coughs?|colds? (and|remed)\w*|allerg\w*|asthma|pain|headaches?|"
    r"laxatives?|antacids?|first aid|remed(y|ies)|therap\w*|prescription\w*|contracepti\w*|"
    r"condoms?|pregnan\w*|fertil\w*|matern\w*|"
    r"bab(y|ies)|infants?|toddlers?|nappy|nappies|diapers?|nursing|incontinen\w*|menopaus\w*|"
    r"feminine|sanitary|tampons?|sex\w*|erotic\w*|adult|lingerie|intim\w*|diet\w*|slimming|"
    r"weight|obes\w*|plus size|hair loss|acne|denture\w*|hearing|wheelchair\w*|mobility|senior\w*|"
    r"kosher|halal|religi\w*|church|bibles?|quran|jewish|muslim|christian|lgbt\w*|gay|pride|"
    r"politic\w*|union|alcohol\w*|beers?|wines?|liquors?|spirits|tobacco|cigar\w*|vap(e|es|ing)|"
    r"cannabis|cbd|gambl\w*|lotter\w*|casino|weapons?|guns?|ammunition|loans?|debts?|credit|funeral\w*|"
    r"apothek\w*|arznei\w*|medika\w*|gesundheit\w*|tabletten|verhütung\w*|kondom\w*|"
    r"schwanger\w*|säugling\w*|windeln?|inkontinen\w*|monatshygiene|abnehm\w*|diät\w*|bier\w*|"
    r"weine?|spirituosen|tabak\w*|zigar\w*|kredit\w*|bestattung\w*|geneesmiddel\w*|medicij\w*|"
    r"gezondheid\w*|zwanger\w*|luiers?|anticoncep\w*|condooms?|maandverband|afslank\w*|dieet\w*|"
    r"wijn\w*|sterke drank|sigar\w*|lening\w*|uitvaart\w*)(?![^\W\d_])"
)
"""What things are called that tell of health, family, faith, vices or need whoever buys them; no
such list is complete."""


def personal(name: str) -> bool:
    """Whether a field of this name holds what people are known, found or reached by."""
    return bool(PERSONAL.search(name))


def special(name: str) -> bool:
    """Whether a field of this name is of a special category of personal data."""
    return bool(SPECIAL.search(name))


def delicate(name: str) -> bool:
    """Whether to be addressed about a thing of this name would tell on somebody."""
    bare = unicodedata.normalize("NFKC", name).replace("_", " ")
    return bool(DELICATE.search(bare)) or special(name.lower().replace(" ", "_"))
