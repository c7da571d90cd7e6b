"""What copy may say: phrases that claim nothing, and what was given; every mutation is refused."""

import random
import re
from itertools import product

import pytest

from carpel.drafts import Brief, Given, Unfounded, rejections
from carpel.drafts.phrases import phrases
from carpel.evidence.words import CLAIMS

from .said import KNOWING, PRIVATE, PROMISING, made

VOICES = list(product(("de", "en", "nl"), ("plain", "warm")))
CLAIMING = {
    word
    for word, kind in CLAIMS.items()
    if kind not in ("one",)  # `one` and `eine` are articles too
}


@pytest.mark.parametrize(("language", "tone"), VOICES)
def test_no_phrase_claims_praises_promises_or_knows(language, tone):
    vocabulary = phrases(language, tone).vocabulary
    assert vocabulary & {*KNOWING, *PROMISING} == set()
    if language == "en":
        assert vocabulary & CLAIMING == set()


@pytest.mark.parametrize(("language", "tone"), VOICES)
def test_every_angle_is_said_in_several_ways(language, tone):
    words = phrases(language, tone)
    for angle in ("topic", "time", "new"):
        assert len({*words.hooks[angle]}) >= 3 and len({*words.bodies[angle]}) >= 3
    assert len(words.headlines) >= 3 and len(words.lines) >= 2
    assert max(map(len, words.headlines)) <= 30 and max(map(len, words.lines)) <= 90
    assert len(words.when) == 11


def mutated(text: str, dice: random.Random) -> str:
    """The text with a number, claim, trait or other product put in."""
    others = [*KNOWING, *PROMISING, *sorted(CLAIMING)]
    parts = [each.evidence.part or "" for each in PRIVATE]
    put = dice.choice((dice.choice(others), dice.choice(parts), f"{dice.randint(1, 99)}", "50 %"))
    put = dice.choice((put, "!", "✔", "wine", "€", "@ada")) if dice.random() < 0.2 else put
    at = dice.choice([each.start() for each in re.finditer(r"(?<!\S)\S", text)])
    return f"{text[:at]}{put} {text[at:]}"


@pytest.mark.parametrize(("language", "tone"), VOICES)
def test_whatever_is_put_into_a_text_is_refused(language, tone):
    seed = random.randrange(10**9)
    dice = random.Random(seed)
    brief = Brief("Corner Shop", language, tone)
    texts = [(text, each.given) for each in made(brief) for text in each.texts]
    known = {*brief.phrases.vocabulary, "corner", "shop"}
    passed = []
    for _ in range(1500):
        text, given = dice.choice(texts)
        wrong = mutated(text, dice)
        added = set(re.findall(r"\w+", wrong.lower())) - set(re.findall(r"\w+", text.lower()))
        if added <= known and not re.search(r"[!✔%€@]", wrong):
            continue  # a word of another phrase: it claims nothing either
        if not rejections(wrong, given, brief.phrases.vocabulary):
            passed.append((text, wrong))
    assert not passed, f"seed {seed}: {passed[:3]}"


def test_what_is_given_stands_as_it_was_given_or_not_at_all():
    vocabulary = phrases("en", "plain").vocabulary
    given = Given(("Corner Shop", "tea"), "10 % off tea until May", tags=("#Tea",))
    for right in ("10 % off tea until May", "Tea at Corner Shop. Have a look", "#Tea"):
        assert rejections(right, given, vocabulary) == ()
    for wrong, why in (
        ("20 % off tea until May", "the number 20"),
        ("10 % off until May", "the number 10"),
        ("Teabags at Corner Shop", "'Teabags'"),
        ("#TeaTime", "'TeaTime'"),
        ("coffee", "'coffee'"),
    ):
        assert why in " ".join(rejections(wrong, given, vocabulary))


def test_a_text_that_says_too_much_cannot_be_made():
    brief = Brief("Corner Shop")
    with pytest.raises(Unfounded, match="'best' is not in the evidence"):
        brief.checked("The best tea", Given(("tea",)))
