"""Themes of texts that people wrote: how many write of each, and what that sounds like."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from carpel.stats.likelihood import Refused
from carpel.stats.themes.groups import VOCABULARY, Group, groups
from carpel.stats.themes.quoting import quoted
from carpel.stats.themes.words import WORD, spoken, term, words

FEWEST_TEXTS, FEWEST_PEOPLE = 50, 30
TOLD = 5
"""People who write a word, or of a theme, at least, for it to be told."""
COMMON = 0.5
"""Share of texts from which a word is of none in particular."""
WORDS = 3
"""Words that tell something, for a text to be one."""
QUOTES = 3
CAPITAL = 0.8
"""Share of times that a name is written with a capital, to be one."""


@dataclass(frozen=True)
class Theme:
    """Words that lead it, who writes of it, and quotes without what could name anybody.

    A text is of a theme that has one of its words; `by` are the places of its people.
    """

    words: tuple[str, ...]
    texts: int
    people: int
    stability: float
    quotes: tuple[str, ...]
    by: NDArray[np.int64]

    @property
    def name(self) -> str:
        """Its first words."""
        return ", ".join(self.words[:3])


@dataclass(frozen=True)
class Themes:
    """What texts are about; `other` are texts of no theme; `common` the words most people write."""

    texts: int
    people: int
    themes: tuple[Theme, ...]
    other: int
    common: tuple[tuple[str, int], ...]
    writers: NDArray[np.int64]


def themes(texts: Sequence[str], people: Sequence[int], names: Collection[str] = ()) -> Themes:
    """Find the themes of texts, each with the number of whoever wrote it.

    The same text of one person is one. A word or theme of fewer than five people is not told, nor
    quoted; `names` (folded) never are. Raises Refused for fewer than 50 texts or 30 people.
    """
    pairs = list(
        dict.fromkeys(zip((" ".join(each.split()) for each in texts), people, strict=True))
    )
    said = [words(text) for text, _ in pairs]
    kept = [at for at, each in enumerate(said) if len(each) >= WORDS]
    pairs, said = [pairs[at] for at in kept], [said[at] for at in kept]
    who = np.array([person for _, person in pairs], np.int64)
    if len(pairs) < FEWEST_TEXTS or len(np.unique(who)) < FEWEST_PEOPLE:
        raise Refused(
            f"{len(pairs):,} texts of {len(np.unique(who)):,} people say something: "
            f"{FEWEST_TEXTS} of {FEWEST_PEOPLE} people are needed"
        )
    held = [{term(word) for word in each} for each in said]
    forms = spoken(said)
    by_people = _people(held, who)
    most = COMMON * len(np.unique(who))
    hidden = _called(pairs, names)
    told = [
        each
        for each, count in by_people.most_common()
        if TOLD <= count <= most and each not in hidden
    ]
    vocabulary = told[:VOCABULARY]
    found = groups(_table(held, vocabulary)) if vocabulary else []
    whole = Counter(word for text, person in pairs for word in _once(text, person))
    by_word = Counter(word for word, _ in whole)
    common = {word for word, count in by_word.items() if count >= TOLD}
    made = [
        _theme(each, vocabulary, forms, held, pairs, who, (common, set(names))) for each in found
    ]
    shown = sorted((each for each in made if each.people >= TOLD), key=lambda each: -each.people)
    leading = {each for theme in found for each in theme.words}
    inside = {vocabulary[at] for at in leading}
    return Themes(
        len(pairs),
        len(np.unique(who)),
        tuple(shown),
        sum(not (each & inside) for each in held),
        tuple((forms[each], by_people[each]) for each in told[:20]),
        np.unique(who),
    )


def _called(pairs: Sequence[tuple[str, int]], names: Collection[str]) -> set[str]:
    """Terms of names that people write with a capital: "Price" is one, "price" is not."""
    seen, large = Counter[str](), Counter[str]()
    for text, _ in pairs:
        for word in WORD.findall(text):
            if word.casefold() in names:
                seen[term(word)] += 1
                large[term(word)] += word[0].isupper()
    return {each for each, count in seen.items() if large[each] >= CAPITAL * count}


def _once(text: str, person: int) -> set[tuple[str, int]]:
    return {(each.casefold(), person) for each in WORD.findall(text)}


def _people(held: Sequence[set[str]], who: NDArray[np.int64]) -> Counter[str]:
    """How many people write each term."""
    seen = {(each, int(person)) for terms, person in zip(held, who, strict=True) for each in terms}
    return Counter(each for each, _ in sorted(seen))


def _table(held: Sequence[set[str]], vocabulary: Sequence[str]) -> object:
    """Texts x words, 1 where a word stands in a text."""
    from scipy.sparse import csr_matrix

    place = {each: at for at, each in enumerate(vocabulary)}
    cells = [
        (row, place[each]) for row, terms in enumerate(held) for each in terms if each in place
    ]
    rows, columns = (np.array(each, np.int64) for each in zip(*cells, strict=True))
    shape = (len(held), len(vocabulary))
    return csr_matrix((np.ones(len(cells)), (rows, columns)), shape=shape)


def _theme(
    group: Group,
    vocabulary: Sequence[str],
    forms: dict[str, str],
    held: Sequence[set[str]],
    pairs: Sequence[tuple[str, int]],
    who: NDArray[np.int64],
    allowed: tuple[set[str], set[str]],
) -> Theme:
    leading = [vocabulary[at] for at in group.words]
    inside = [at for at, terms in enumerate(held) if terms & set(leading)]
    weight = dict(zip(vocabulary, group.weights.tolist(), strict=True))
    by_weight = sorted(
        inside, key=lambda at: -sum(weight.get(each, 0) for each in held[at]) / len(held[at]) ** 0.5
    )
    quotes: list[str] = []
    writers: set[int] = set()
    for at in by_weight:
        text, person = pairs[at]
        shown = None if person in writers else quoted(text, *allowed)
        if shown and shown not in quotes:
            quotes.append(shown)
            writers.add(person)
        if len(quotes) == QUOTES:
            break
    return Theme(
        tuple(forms[each] for each in leading),
        len(inside),
        len(np.unique(who[inside])),
        group.stability,
        tuple(quotes),
        np.unique(who[inside]),
    )
