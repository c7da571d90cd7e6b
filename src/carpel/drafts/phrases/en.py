"""English."""

from collections.abc import Mapping

from carpel.drafts.phrases import Phrases

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WHEN: Mapping[str, str] = {
    **{each: each.capitalize() for each in DAYS},
    "weekend": "the weekend",
    "morning": "the morning",
    "afternoon": "the afternoon",
    "evening": "the evening",
}
PLAIN = Phrases(
    hooks={
        "topic": ("{topic} at {shop}", "{topic}: have a look", "Looking for {topic}?"),
        "time": ("{when} at {shop}", "Plans for {when}?", "Ideas for {when}"),
        "new": ("Discover {topic}", "How about {topic}?", "An idea: {topic}"),
    },
    bodies={
        "topic": (
            "Have a look at what we have for you: {topic}.",
            "At {shop} you find {topic}. Take a look.",
            "Choose what suits you: {topic}.",
        ),
        "time": (
            "Have a look around and plan {when} your way.",
            "Looking for ideas for {when}? Have a look at {shop}.",
            "Find what suits {when}.",
        ),
        "new": (
            "An idea for your list: {topic}. Have a look.",
            "Have you thought of {topic}? Take a look.",
            "Discover {topic} at {shop}.",
        ),
    },
    headlines=("Have a look around", "See for yourself", "Find what suits you", "Take a look"),
    lines=(
        "Have a look around and find what suits you.",
        "Take a look and choose what you like.",
        "Take your time and see for yourself.",
    ),
    calls=("Have a look", "Take a look", "See for yourself"),
    profile="The link is in our profile.",
    greeting="Hello",
    stranger="there",
    unsubscribe="Unsubscribe",
    when=WHEN,
)
WARM = Phrases(
    hooks={
        "topic": ("In the mood for {topic}?", "Time for {topic}", "Come and see: {topic}"),
        "time": ("Hello, {when}", "Ready for {when}?", "Make {when} yours"),
        "new": ("Curious about {topic}?", "Something for you? {topic}", "Try {topic}"),
    },
    bodies={
        "topic": (
            "Make yourself comfortable and have a look: {topic}.",
            "Come in and take your time: {topic}.",
            "For you, or for somebody dear to you: {topic}.",
        ),
        "time": (
            "Make {when} yours and look around at {shop}.",
            "Something nice for {when}? Come and see.",
            "Take {when} for yourself and have a look around.",
        ),
        "new": (
            "Follow your curiosity and have a look: {topic}.",
            "Something to try when you feel like it: {topic}.",
            "Come and discover {topic} at {shop}.",
        ),
    },
    headlines=("Come and look around", "Come on in", "Take your time", "Find what you love"),
    lines=(
        "Come on in and have a look around.",
        "Take your time and find what you love.",
        "Make yourself comfortable and look around.",
    ),
    calls=("Come and see", "Look around", "Come on in"),
    profile="The link is in our profile.",
    greeting="Hello",
    stranger="there",
    unsubscribe="Unsubscribe",
    when=WHEN,
)
TONES: Mapping[str, Phrases] = {"plain": PLAIN, "warm": WARM}
