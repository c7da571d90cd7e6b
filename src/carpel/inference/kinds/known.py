"""Who is known: people who can be contacted, companies, contracts, permissions, wide files."""

from carpel.inference.kind import NAMED, PERSON, Kind, likes
from carpel.inference.words import listed

KNOWN = (
    Kind(
        "contacts",
        ("person",),
        "one row a person who can be contacted",
        (
            (*PERSON, *NAMED, "record_id"),
            (*NAMED, "email", "phone", "street", "postcode", "birth_date"),
        ),
        likes(
            "email=.1 first_name=.08 last_name=.08 full_name=.08 phone=.06 postcode=.04 "
            "city=.04 street=.04 birth_date=.05 gender=.03 created_at=.04 email_consent=.05 "
            "national_id=.04 country=.02 account_name=.02"
        ),
        likes(
            "order_id=.5 product_id=.4 ordered_at=.25 unit_price=.3 product_name=.3 line_id=.3 "
            "event_name=.3 question=.4 ticket_id=.5 subject=.35 checked_in_at=.4 url=.05 "
            "started_at=.15 renews_at=.2 plan=.05 spend=.05 at=.15 rating=.1 nps=.3 answer=.2 "
            "interval=.1"
        ),
        listed("person crm contactword"),
        one_row=("customer_id", "crm_id", "email"),
        groups=listed("account permit row"),
        may_hold=True,
    ),
    Kind(
        "companies",
        ("company",),
        "one row a company",
        (("account_id", "account_name", "domain"),),
        likes("account_name=.15 industry=.12 employees=.12 domain=.1 account_id=.1"),
        likes(
            "email=.35 first_name=.4 last_name=.4 customer_id=.4 full_name=.4 order_id=.5 "
            "product_id=.4 started_at=.1"
        ),
        listed("company"),
        base=0.35,
        one_row=("account_id", "domain"),
        groups=listed("account row"),
    ),
    Kind(
        "subscriptions",
        ("plan",),
        "one row a contract held from-until",
        (
            (*PERSON, "full_name", "account_id"),
            ("started_at", "created_at", "ordered_at", "at"),
            ("plan", "interval", "contract_id", "contract_status", "renews_at", "plan_id"),
            (
                "started_at",
                "ended_at",
                "renews_at",
                "trial_ends_at",
                "interval",
                "cancelled_at",
            ),
        ),
        likes(
            "started_at=.12 ended_at=.1 renews_at=.1 trial_ends_at=.08 interval=.1 "
            "contract_id=.1 plan=.1 seats=.05 cancelled_at=.05 contract_status=.05 "
            "contract_amount=.05 paused_at=.05"
        ),
        likes("order_id=.2 product_id=.15 ticket_id=.4 line_id=.3"),
        listed("plan"),
        groups=listed("contract order account row permit"),
    ),
    Kind(
        "consents",
        ("consent",),
        "one row a permission",
        (PERSON, ("email_consent", "sms_consent"), ("consent_channel", "consent_purpose")),
        likes("consent_channel=.2 consent_purpose=.2 consent_proof=.1 at=.1 consented_at=.1"),
        likes("order_id=.4 amount=.4 first_name=.1 last_name=.1 city=.15 birth_date=.2"),
        listed("consent"),
        base=0.35,
        groups=listed("permit consent row"),
    ),
    Kind(
        "people",
        ("person",),
        "one row a person, wide",
        ((),),
        likes(
            "age=.08 income=.08 education=.08 marital_status=.08 gender=.05 birth_year=.08 "
            "occupation=.05 age_band=.05 children=.05"
        ),
        likes("order_id=.3 product_id=.3 ordered_at=.2 event_name=.2 at=.1 unit_price=.1"),
        listed("person"),
        one_row=("customer_id", "crm_id", "email"),
        base=0.42,
        groups=listed("row account permit"),
        may_hold=True,
    ),
)
