"""What data could not show, as a question that can go into a survey as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """The question of a section: to ourselves, and to them; `answers` is the scale, in order."""

    asks: str
    wording: str
    answers: tuple[str, ...] = ()
    """None: they answer in their own words."""


AGREE = ("not at all", "a little", "somewhat", "rather", "very much")
ITEMS: Mapping[str, Item] = {
    "age": Item("How old are they?", "In which year were you born?"),
    "gender": Item(
        "Are they women or men?",
        "How do you describe yourself?",
        ("woman", "man", "in another way", "I would rather not say"),
    ),
    "income": Item(
        "What can they spend?",
        "What is the income of your household in a month, after tax?",
        (
            "under 1,500",
            "1,500 to 2,499",
            "2,500 to 3,999",
            "4,000 to 5,999",
            "6,000 and more",
            "I would rather not say",
        ),
    ),
    "education": Item(
        "What have they learnt?",
        "What is the highest education that you have completed?",
        ("school", "an apprenticeship", "a bachelor’s degree", "a master’s degree or higher"),
    ),
    "family": Item(
        "Whom do they live with?",
        "Who lives in your household?",
        ("only I", "a partner and I", "a partner, children and I", "children and I", "others"),
    ),
    "place": Item("Where do they live?", "What is the postcode of your home?"),
    "interests": Item(
        "What are they interested in?", "What do you like to do when nobody asks anything of you?"
    ),
    "habits": Item(
        "How do they buy?",
        "How often do you buy what we sell, from us or from others?",
        ("every week", "every month", "a few times a year", "once a year or less"),
    ),
    "days": Item(
        "When and where do they buy?",
        "When do you have time for this, and where would you rather do it?",
        ("weekdays", "evenings", "weekends", "in a shop", "online", "by phone"),
    ),
    "buys": Item("What do they buy?", "What did you last buy from us, and what for?"),
    "seldom": Item(
        "What do they never buy here?", "What do you buy elsewhere that you could buy from us?"
    ),
    "needs": Item(
        "What do they need?",
        "Think of the last time you came to us. What did you want to get done?",
    ),
    "pains": Item(
        "What bothers them?",
        "How easy was it to get what you came for?",
        ("very hard", "hard", "neither", "easy", "very easy"),
    ),
    "motivations": Item(
        "Why do they choose us?",
        "How much does each of these count when you choose where to buy: price, quality, ease, "
        "advice, trust?",
        AGREE,
    ),
    "objections": Item(
        "What keeps them from buying?",
        "What came closest to keeping you from buying the last time?",
        (
            "the price",
            "doubts about quality",
            "how long it takes to come",
            "too little time",
            "something else",
        ),
    ),
    "tone": Item(
        "How do they like to be spoken to?",
        "Which letter from us would you rather read?",
        ("short and to the point", "warm and personal", "playful", "with all details"),
    ),
    "year": Item(
        "What does their year look like?",
        "In which months do you need us more than usual?",
        (
            "January to March",
            "April to June",
            "July to September",
            "October to December",
            "no difference",
        ),
    ),
    "recognise": Item(
        "How does one know them?", "What is different about you, compared with other people here?"
    ),
    "assume": Item(
        "What is wrongly believed of them?", "What do people often get wrong about you?"
    ),
}
"""By section, those that data may leave open."""
