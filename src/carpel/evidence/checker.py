"""Whether a text says what a sentence says and nothing else: the guard before any rephrasing.

What is not allowed is refused, whatever it means: numbers, claims and whom they are about have to
follow each other as in the sentence, and its content words have to be there and no others.
"""

from collections.abc import Iterable

from carpel.evidence.sentence import Sentence
from carpel.evidence.tokens import Token, tokens

LONGEST = 2.0
"""How much longer than the sentence a text may be."""


def rejections(text: str, sentence: Sentence) -> tuple[str, ...]:
    """Why `text` may not stand for the sentence; empty where it may."""
    said, meant = list(tokens(text)), list(tokens(sentence.text))
    found = [
        *_strange(said),
        *_skeleton(said, meant),
        *_content(said, meant),
    ]
    if len(text) > LONGEST * len(sentence.text):
        found.append("it is much longer than the sentence")
    return tuple(found)


def _strange(said: Iterable[Token]) -> list[str]:
    return [f"{each.said!r} cannot be read" for each in said if each.kind == "strange"]


def _skeleton(said: list[Token], meant: list[Token]) -> list[str]:
    """Numbers, claims and the others, in their order."""
    mine, theirs = (
        [(each.kind, each.said) for each in row if each.kind in ("number", "claim", "others")]
        for row in (said, meant)
    )
    if mine == theirs:
        return []
    new = [each for each in mine if each not in theirs]
    gone = [each for each in theirs if each not in mine]
    return [
        *(f"{kind} {what!r} is not in the evidence" for kind, what in dict.fromkeys(new)),
        *(f"{kind} {what!r} is missing" for kind, what in dict.fromkeys(gone)),
    ] or ["numbers, claims and whom they are about do not stand in the order of the evidence"]


def _content(said: list[Token], meant: list[Token]) -> list[str]:
    mine, theirs = ({each.said for each in row if each.kind == "word"} for row in (said, meant))
    return [
        *(f"{each!r} is not in the evidence" for each in sorted(mine - theirs)),
        *(f"{each!r} is missing" for each in sorted(theirs - mine)),
    ]
