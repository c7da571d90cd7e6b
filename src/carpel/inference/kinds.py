"""The kinds of files there are."""

from collections.abc import Mapping

from carpel.inference.kind import MOMENT, NAMED, PERSON, Kind, likes
from carpel.inference.words import listed

_SOLD = listed(
    "order_id line_id quantity amount discount discount_rate subtotal tax refunded_amount "
    "order_status cancelled refunded payment_method shipping_method net_amount"
)
KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "order_lines",
            ("order", "product"),
            "one row a product bought",
            (
                (*PERSON, "order_id", "full_name"),
                ("product_id", "product_name"),
                ("quantity", "unit_price", "product_id"),
            ),
            likes(
                "order_id=.12 quantity=.12 unit_price=.08 product_id=.08 amount=.06 at=.05 "
                "ordered_at=.08 line_id=.1"
            ),
            likes(
                "contract_id=.1 renews_at=.3 interval=.15 event_name=.2 subject=.3 url=.15 "
                "account_id=.05 started_at=.2 question=.4 rating=.2 session_id=.1"
            ),
            listed("line item order charge transaction"),
            groups=listed("order row account permit"),
        ),
        Kind(
            "orders",
            ("order",),
            "one row an order",
            (
                (*PERSON, "full_name", "order_id"),
                ("amount", "order_id", "subtotal"),
                (*MOMENT, "order_id"),
            ),
            likes(
                "created_at=.05 order_id=.15 amount=.12 ordered_at=.15 payment_method=.05 "
                "order_status=.05 tax=.05 discount=.04 shipping=.04 quantity=.04 at=.05"
            ),
            likes(
                "product_id=.3 line_id=.3 subject=.3 interval=.2 renews_at=.3 ticket_id=.4 "
                "opens=.3 campaign=.1 question=.4 answer=.1 event_name=.2 started_at=.2 plan=.15 "
                "ended_at=.35 rating=.3 question=.3 income=.15 education=.15 marital_status=.15 "
                "birth_year=.15 occupation=.1 age=.1"
            ),
            listed("order charge transaction receipt"),
            one_row=("order_id",),
            without=frozenset({"line_id"}),
            groups=listed("order row account permit"),
        ),
        Kind(
            "products",
            ("product",),
            "one row a product",
            (("product_id", "product_name"),),
            likes(
                "category=.15 subcategory=.05 brand=.1 unit_price=.08 product_name=.1 "
                "product_id=.15 unit_cost=.05 vendor=.03"
            ),
            likes("customer_id=.6 email=.6 order_id=.4 quantity=.05 line_id=.3 at=.1 full_name=.3"),
            listed("product item category"),
            base=0.35,
            one_row=("product_id", "product_name"),
            groups=listed("order row"),
            without=_SOLD,
        ),
        Kind(
            "categories",
            ("category",),
            "one row a category",
            (("category",),),
            likes("category=.25"),
            likes(
                "customer_id=.6 email=.6 order_id=.5 product_id=.5 quantity=.4 at=.4 amount=.4 "
                "unit_price=.4 brand=.3 full_name=.3 first_name=.6 age=.6 spend=.5 product_name=.3"
            ),
            listed("category"),
            base=0.3,
            one_row=("category",),
            groups=listed("order row"),
            without=_SOLD,
        ),
        Kind(
            "stores",
            ("store",),
            "one row a branch",
            (("store",),),
            likes("city=.15 region=.05 postcode=.1 street=.1 latitude=.1 country=.05"),
            likes(
                "customer_id=.6 email=.3 order_id=.5 amount=.3 product_id=.5 at=.3 quantity=.4 "
                "first_name=.5 checked_in_at=.5"
            ),
            listed("store location"),
            base=0.3,
            one_row=("store",),
            groups=listed("order row"),
        ),
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
                "started_at=.15 renews_at=.2 plan=.05 spend=.05 at=.15 rating=.1 answer=.2 "
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
            "check_ins",
            ("checkin",),
            "one row a visit",
            (
                PERSON,
                ("checked_in_at", "at", "created_at", "started_at"),
                ("checked_in_at", "checked_out_at", "store", "duration"),
            ),
            likes("checked_in_at=.2 checked_out_at=.2 store=.1 duration=.1"),
            likes(
                "amount=.3 order_id=.4 product_id=.4 event_name=.15 url=.3 plan=.2 email_event=.2 "
                "ticket_id=.4 subject=.3 quantity=.3 unit_price=.3 interval=.2"
            ),
            listed("checkin"),
            base=0.25,
            without=frozenset({"ordered_at"}),
            groups=listed("visit order row"),
        ),
        Kind(
            "email_engagement",
            ("email",),
            "what people did with e-mails",
            (
                PERSON,
                (
                    "email_event",
                    "opened",
                    "clicked",
                    "opens",
                    "clicks",
                    "opened_at",
                    "clicked_at",
                    "sent_at",
                ),
            ),
            likes(
                "email_event=.4 campaign=.15 opened_at=.1 clicked_at=.1 sent_at=.15 opens=.15 "
                "clicks=.15 opened=.12 clicked=.12 bounced=.05"
            ),
            likes(
                "order_id=.4 product_id=.3 spend=.2 impressions=.4 unit_price=.3 quantity=.3 "
                "first_name=.02 ticket_id=.4"
            ),
            listed("email campaign open click newsletter send"),
            base=0.3,
            groups=listed("email campaign row"),
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
            "survey_answers",
            ("survey",),
            "one row an answer",
            (
                (*PERSON, "order_id"),
                ("answer", "nps", "rating", "comment"),
                ("question", "nps", "rating", "survey", "comment"),
            ),
            likes("question=.25 answer=.2 nps=.2 rating=.1 survey=.1 comment=.1 at=.03"),
            likes(
                "order_id=.1 amount=.35 unit_price=.35 quantity=.35 event_name=.1 ticket_id=.3 "
                "spend=.2"
            ),
            listed("survey nps csat review answer question"),
            base=0.3,
            groups=listed("survey order row"),
        ),
        Kind(
            "tickets",
            ("ticket",),
            "one row a request for help",
            (
                (*PERSON, "full_name"),
                ("ticket_id", "subject"),
                ("created_at", "at", "started_at", "ordered_at"),
            ),
            likes(
                "ticket_id=.2 subject=.15 priority=.15 solved_at=.12 ticket_status=.08 "
                "satisfaction=.08 assignee=.05"
            ),
            likes("amount=.3 quantity=.3 unit_price=.3 product_id=.1 campaign=.2"),
            listed("ticket"),
            base=0.3,
            groups=listed("ticket order row account"),
        ),
        Kind(
            "spend",
            ("ad",),
            "what was spent on advertising",
            (
                ("spend",),
                ("at", "started_at", "created_at"),
                ("campaign", "cost_channel", "ad_group", "impressions"),
            ),
            likes(
                "impressions=.2 ad_clicks=.15 campaign=.15 ad_group=.1 cost_channel=.1 at=.1 "
                "started_at=.05"
            ),
            likes(
                "email=.6 customer_id=.6 order_id=.6 first_name=.5 product_id=.3 age=.4 gender=.2 "
                "income=.3"
            ),
            listed("ad campaign cost marketing"),
            base=0.3,
            groups=listed("cost campaign row"),
        ),
        Kind(
            "events",
            ("event",),
            "one row something done",
            (
                (*PERSON, "session_id"),
                ("at", "created_at", "event_time"),
            ),
            likes(
                "event_name=.25 url=.12 session_id=.1 at=.1 cookie=.05 event_id=.08 product_id=.03"
            ),
            likes(
                "ticket_id=.3 first_name=.1 quantity=.1 answer=.2 email_event=.35 unit_cost=.2 "
                "amount=.2 net_amount=.2 tax=.2 fee=.2 payment_method=.2"
            ),
            listed("event session url"),
            base=0.3,
            groups=listed("event order row"),
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
}
