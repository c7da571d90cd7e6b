"""Segments of people who come to a place."""

from carpel.starters.recipe import Recipe, every, trait

VISITING = (
    Recipe(
        "members_staying_away",
        "Members staying away",
        "A visit within two weeks",
        "Call or write personally, offer a session with a trainer",
        every(trait("subscribed", **{"is": True}), trait("check_in_recency_days", more_than=21)),
    ),
    Recipe(
        "guests_coming_often",
        "Guests coming often",
        "Turn guests into members",
        "Show what they would save as members",
        every(trait("check_ins_90d", at_least=3), trait("subscribed", **{"is": False})),
    ),
    Recipe(
        "visiting_most",
        "Visiting twice a week and more",
        "Be recommended by them",
        "Bring a friend, a review, thanks",
        trait("check_ins_30d", at_least=8),
    ),
    Recipe(
        "visited_once",
        "Visited once",
        "A second visit",
        "Ask how it was, offer a date",
        trait("check_ins_total", **{"is": 1}),
    ),
)
