"""What people did or was done for them: visits, e-mails, answers, tickets, events, spend."""

from carpel.inference.kind import PERSON, Kind, likes
from carpel.inference.words import listed

DONE = (
    Kind(
        "check_ins",
        ("checkin",),
        "one row a visit",
        (
            PERSON,
            ("checked_in_at", "at", "created_at", "started_at"),
            ("checked_in_at", "checked_out_at", "store", "duration", "attendance"),
        ),
        likes("checked_in_at=.2 checked_out_at=.2 store=.1 duration=.1 attendance=.25"),
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
            "order_id=.1 amount=.35 unit_price=.35 quantity=.35 event_name=.1 ticket_id=.3 spend=.2"
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
            "event_name=.25 feature=.25 url=.12 session_id=.1 at=.1 cookie=.05 event_id=.08 "
            "product_id=.03"
        ),
        likes(
            "ticket_id=.3 first_name=.1 quantity=.1 answer=.2 email_event=.35 unit_cost=.2 "
            "amount=.2 net_amount=.2 tax=.2 fee=.2 payment_method=.2"
        ),
        listed("event session url"),
        base=0.3,
        groups=listed("event order row"),
    ),
)
