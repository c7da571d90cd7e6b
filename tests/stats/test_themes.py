"""Themes of texts: planted ones come back, noise has none, and quotes name nobody."""

import numpy as np
import pytest

from carpel.stats.likelihood import Refused
from carpel.stats.themes import CUT, quoted, themes
from carpel.stats.themes.words import term, words

pytest.importorskip("sklearn")
PLANTED = {
    "parcel": ["delivery", "parcel", "late", "courier", "arrived", "waiting"],
    "price": ["price", "expensive", "cheap", "discount", "offer", "money"],
    "staff": ["staff", "friendly", "helpful", "advice", "service", "smile"],
}
FILLER = ["shop", "yesterday", "product", "item", "week", "thing", "bought", "garden", "window"]


def written(rng: np.random.Generator, count: int, planted: bool = True) -> tuple[list, list]:
    """Texts of three words of one theme, or of any, among words that say nothing of it."""
    kinds = rng.choice(list(PLANTED), count, p=[0.5, 0.3, 0.2])
    every = [word for each in PLANTED.values() for word in each]
    texts = []
    for kind in kinds:
        said = rng.choice(PLANTED[kind] if planted else every, 3, replace=False)
        rest = rng.choice(FILLER, 3, replace=False)
        texts.append(" ".join(rng.permutation([*said, *rest])))
    return texts, kinds.tolist()


def test_planted_themes_come_back_with_their_counts(rng: np.random.Generator) -> None:
    texts, kinds = written(rng, 500)
    found = themes(texts, range(500))
    assert [set(each.words) for each in found.themes] == [set(PLANTED[each]) for each in PLANTED]
    assert [each.people for each in found.themes] == [kinds.count(each) for each in PLANTED]
    assert (found.texts, found.people, found.other) == (500, 500, 0)


def test_words_thrown_together_are_no_themes(rng: np.random.Generator) -> None:
    told = [bool(themes(written(rng, 300, planted=False)[0], range(300)).themes) for _ in range(3)]
    assert sum(told) <= 1
    assert dict(themes(written(rng, 300, planted=False)[0], range(300)).common)["shop"] > 50


def test_one_who_writes_much_is_one_person(rng: np.random.Generator) -> None:
    texts, _ = written(rng, 300)
    mine = [f"zebra yacht quartz {each}" for each in texts[:100]]
    found = themes([*texts, *mine, *texts[:50]], [*range(300), *[7] * 100, *range(50)])
    assert found.texts == 400 and found.people == 300
    assert not any({"zebra", "yacht"} & set(each.words) for each in found.themes)
    assert "zebra" not in dict(found.common)


def test_too_few_texts_or_people_are_refused(rng: np.random.Generator) -> None:
    texts, _ = written(rng, 60)
    with pytest.raises(Refused, match="49 texts of 49 people say something: 50 of 30"):
        themes(texts[:49], range(49))
    with pytest.raises(Refused, match="60 texts of 20 people"):
        themes(texts, [at % 20 for at in range(60)])
    with pytest.raises(Refused, match="0 texts of 0 people"):
        themes(["ok", "", "   ", "!!", "no comment"] * 40, range(200))


def test_a_quote_names_nobody() -> None:
    usual = "the parcel came late and my courier was rude please call anna"
    common = set(usual.split())
    said = "The parcel came late and my courier Igor was rude, please call Anna: 0171-2345"
    shown = quoted(said, common, {"anna"})
    assert shown == f"The parcel came late and my courier {CUT} was rude, please call {CUT}"
    assert quoted("My e-mail is anna@shop.example and my parcel was late", common, set()) is None
    assert quoted("late parcel", common, set()) is None


def test_quotes_of_texts_hide_what_few_write(rng: np.random.Generator) -> None:
    texts, _ = written(rng, 200)
    texts = [f"{each} order {1000 + at} Qx{at}z" for at, each in enumerate(texts)]
    texts[:6] = [f"{each} Miller" for each in texts[:6]]
    found = themes(texts, range(200), {"miller"})
    quotes = [quote for theme in found.themes for quote in theme.quotes]
    assert quotes and not any(sign.isdigit() for quote in quotes for sign in quote)
    assert not any("Qx" in quote or "Miller" in quote for quote in quotes)
    assert "miller" not in dict(found.common)


def test_words_are_counted_without_case_accents_and_endings() -> None:
    assert term("Delivery") == term("deliveries")
    assert term("Lieferungen") == term("Lieferung")
    assert term("Café") == term("cafes")
    assert words("It's the PARCEL, which wasn't there 3 times") == ["PARCEL", "times"]
