"""Sentences with one number or one word changed, put in or left out."""

import random
import re
from collections.abc import Sequence

from carpel.evidence import Sentence, rejections
from carpel.evidence.tokens import tokens

CLAIMS = re.split(
    " ",
    "more less fewer higher lower older younger never always only most mostly twice half double "
    "all none every nobody no not often rarely seldom usually best worst three third because "
    "must everybody significantly almost",
)
INVENTED = ("love", "hate", "teachers", "rich", "Berlin", "loyal", "happy", "students", "tea")


def mutated(sentence: Sentence, dice: random.Random) -> str:
    """The sentence with one number or one word changed, put in or left out."""
    text = sentence.text
    kind = dice.choice(("number", "number", "claim", "insert", "invent", "swap", "drop"))
    numbers = list(re.finditer(r"\d(?:[\d,.]*\d)?", text))
    if kind == "number" and numbers:
        found = dice.choice(numbers)
        digits = [at for at in range(*found.span()) if text[at].isdigit()]
        at = dice.choice(digits)
        other = dice.choice([each for each in "0123456789" if each != text[at]])
        return text[:at] + other + text[at + 1 :]
    if kind == "swap" and len(numbers) > 1:
        one, two = dice.sample(numbers, 2)
        one, two = sorted((one, two), key=lambda each: each.start())
        if one.group() != two.group():
            return (
                text[: one.start()] + two.group() + text[one.end() : two.start()] + one.group()
                + text[two.end() :]
            )  # fmt: skip
    claims = [each for each in re.finditer(r"\w+", text) if each.group().lower() in CLAIMS]
    if kind == "drop" and claims:
        found = dice.choice(claims)
        return text[: found.start()] + text[found.end() :].lstrip()
    if kind == "claim" and claims:
        found = dice.choice(claims)
        same = {each.said for each in tokens(found.group())}
        others = [each for each in CLAIMS if {it.said for it in tokens(each)} != same]
        return text[: found.start()] + dice.choice(others) + text[found.end() :]
    places = [each.start() for each in re.finditer(r"\b\w", text)]
    at = dice.choice(places)
    return f"{text[:at]}{dice.choice(INVENTED if kind == 'invent' else CLAIMS)} {text[at:]}"


def let_through(
    sentences: Sequence[Sentence], dice: random.Random, times: int
) -> list[tuple[str, str]]:
    """Of so many mutations those that were not refused: the sentence and what became of it."""
    passed, tried = [], 0
    while tried < times:
        sentence = dice.choice(sentences)
        text = mutated(sentence, dice)
        if text != sentence.text:
            tried += 1
            if not rejections(text, sentence):
                passed.append((sentence.text, text))
    return passed
