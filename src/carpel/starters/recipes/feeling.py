"""Segments by what people are, say and may be told."""

from carpel.starters.recipe import Recipe, every, trait

FEELING = (
    Recipe(
        "unhappy",
        "Unhappy",
        "Put it right",
        "Call before anything else is sent; leave out of campaigns until solved",
        trait("nps_group", **{"is": "detractor"}),
    ),
    Recipe(
        "waiting_for_help",
        "Waiting for help",
        "Solve it first",
        "Leave out of campaigns until the ticket is closed",
        trait("tickets_open", at_least=1),
    ),
    Recipe(
        "promoters",
        "Promoters",
        "Be recommended by them",
        "Ask for a review or a referral",
        trait("nps_group", **{"is": "promoter"}),
    ),
)

PEOPLE = (
    Recipe(
        "lately_known",
        "Known for less than 30 days",
        "Make a good first impression",
        "Welcome, say what to expect",
        trait("known_days", less_than=30),
    ),
    Recipe(
        "nearby",
        "Within 10 kilometres",
        "A visit",
        "Invite to the nearest branch",
        trait("branch_distance_km", at_most=10),
    ),
    Recipe(
        "families",
        "With children",
        "Serve the whole family",
        "Family offers, school holidays",
        trait("children", at_least=1),
    ),
    Recipe(
        "under_30",
        "Under 30",
        "Win them for long",
        "Starter offers, social channels",
        trait("age", less_than=30),
    ),
    Recipe(
        "between_30_and_59",
        "30 to 59",
        "Serve the busiest years",
        "Convenience, time saved",
        every(trait("age", at_least=30), trait("age", less_than=60)),
    ),
    Recipe(
        "from_60",
        "60 and older",
        "Serve with care",
        "Personal service, letters and phone",
        trait("age", at_least=60),
    ),
    Recipe(
        "opening_mails",
        "Opening our e-mails",
        "A first purchase or visit",
        "Send them what is new first",
        trait("emails_opened_90d", at_least=1),
    ),
    Recipe(
        "may_be_mailed",
        "May be written to by e-mail",
        "Stay in touch",
        "Send the newsletter; ask what interests them",
        {"consent": "email"},
    ),
)
