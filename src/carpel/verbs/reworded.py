"""Copy in the words of the project's writer, where each wording passes the checker; else ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from carpel.drafts import Brief, Pieces, rejections
from carpel.errors import CarpelError
from carpel.reading.secrets import revealed
from carpel.stages.personas.writer import Unanswered, wordings
from carpel.verbs.session import Session

LONGEST = 1.5
"""How much longer than ours a wording may be."""
TASK = (
    "You reword short advertising texts. You get a JSON list of texts. Answer with a JSON list of "
    "as many strings, in the same order, and nothing else. Keep every name as it stands, and each "
    "text about as long as it is. Add no number, fact, praise, promise, urgency or price, and do "
    "not write as if anything were known of whoever reads it. Besides the names use these words "
    "only: {words}."
)


@dataclass(frozen=True)
class Rewording:
    """What came of asking the writer."""

    pieces: Sequence[Pieces]
    """In its words where they were let through."""
    worded: int = 0
    refused: Mapping[str, str] = field(default_factory=dict)
    """By wording why it was not let through."""
    silent: str = ""
    """Why no wording came back."""


def reworded(session: Session, rows: Sequence[Pieces], brief: Brief) -> Rewording:
    """Ask the writer of `carpel.yml`; raises CarpelError where it names none.

    Sent are the texts and the words that may be used: nothing of people, and no evidence.
    """
    writer = session.settings.personas.writer
    if writer is None:
        raise CarpelError(
            "No writer is named in carpel.yml.",
            action="Name one under personas: writer, or leave --reworded out.",
        )
    key = revealed(writer.key, session.folder) if writer.key else None
    texts = list(dict.fromkeys(text for each in rows for text in each.texts))
    task = TASK.format(words=", ".join(sorted(brief.phrases.vocabulary)))
    try:
        said = wordings(writer, key, texts, task)
    except Unanswered as error:
        return Rewording(rows, silent=str(error))
    return _judged(rows, dict(zip(texts, said, strict=True)), brief)


def _judged(rows: Sequence[Pieces], said: Mapping[str, str], brief: Brief) -> Rewording:
    refused: dict[str, str] = {}
    made = []
    for each in rows:
        taken = {}
        for text in each.texts:
            wording = " ".join(said[text].split())
            if why := _refused(text, wording, each, brief):
                refused[wording] = why
            elif wording != text:
                taken[text] = wording
        made.append((each.reworded(taken), len(taken)))
    return Rewording([each for each, _ in made], sum(count for _, count in made), refused)


def _refused(text: str, wording: str, piece: Pieces, brief: Brief) -> str:
    """Why a wording may not stand; empty where it may."""
    if not wording:
        return "it is empty"
    if len(wording) > LONGEST * len(text):
        return "it is much longer than the text"
    return "; ".join(rejections(wording, piece.given, brief.phrases.vocabulary))
