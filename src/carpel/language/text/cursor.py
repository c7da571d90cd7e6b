"""Reading token by token, with what was expected where something else stands."""

from collections.abc import Callable, Collection, Iterable
from typing import Any as Anything
from typing import NoReturn

from carpel.language.mistakes import Path, RuleError
from carpel.language.nodes import Node, People
from carpel.language.text.mistakes import expected, wrong
from carpel.language.text.tokens import Token, tokens
from carpel.language.text.words import FUNCTION


class Cursor:
    """A place in a text; `mistakes` are those in clauses that could be read nevertheless."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens, self.index = text, tokens(text), 0
        self.mistakes: list[RuleError] = []

    @property
    def token(self) -> Token:
        """What comes next."""
        return self.tokens[self.index]

    @property
    def place(self) -> int:
        """Where it begins."""
        return self.token.start

    def at(self, *words: str) -> bool:
        """Whether these words and signs come next."""
        ahead = self.tokens[self.index : self.index + len(words)]
        return len(ahead) == len(words) and all(
            token.said == word for token, word in zip(ahead, words, strict=True)
        )

    def kind(self, ahead: int = 0) -> str:
        """The kind of the token so many ahead."""
        return self.tokens[min(self.index + ahead, len(self.tokens) - 1)].kind

    def next(self) -> Token:
        """Take what comes next."""
        token = self.token
        self.index += token.kind != "end"
        return token

    def take(self, *words: str) -> bool:
        """Take these words if they come next."""
        found = self.at(*words)
        self.index += len(words) if found else 0
        return found

    def need(self, *words: str) -> None:
        """Take these words, which have to come next."""
        for word in words:
            if not self.take(word):
                self.fail(f"`{word}`", [word])

    def one_of(self, words: Iterable[str], what: str) -> str:
        """Take one of these words, which has to come next."""
        listed = list(words)
        if self.token.said not in listed:
            self.fail(what, listed)
        return self.next().said

    def name(self, what: str) -> str:
        """Take a name, such as `order_completed`."""
        if self.kind() == "word" and self.token.said in FUNCTION:
            self.fail(f"{what} (a name that is also a word of the language: in `backticks`)")
        if self.kind() not in ("word", "name"):
            self.fail(what)
        return str(self.next().value)

    def fail(self, what: str, known: Collection[str] = ()) -> NoReturn:
        """Raise that something else was expected here."""
        raise wrong(self.text, self.place, expected(what, self.token.written, known))


class Draft:
    """The data of one clause while it is read, and where in the text each part stands."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.data: dict[str, Anything] = {}
        self.marks: dict[Path, int] = {(): cursor.place}

    def say(self, word: str, value: Anything, place: int) -> None:
        """Add a part; the same one twice is a mistake."""
        if word in self.data:
            raise wrong(self.cursor.text, place, f"`{word}` is said twice")
        self.data[word] = value
        self.marks[(word,)] = place

    def node(self, read: Callable[[dict[str, Anything]], Node]) -> Node:
        """What the data says; mistakes in it are kept by the cursor, with their places."""
        try:
            return read(self.data)
        except RuleError as error:
            self.cursor.mistakes += [self._placed(each) for each in error.mistakes]
            return People(())

    def _placed(self, mistake: RuleError) -> RuleError:
        lengths = range(len(mistake.path), -1, -1)
        path = next(mistake.path[:n] for n in lengths if mistake.path[:n] in self.marks)
        return wrong(self.cursor.text, self.marks[path], mistake.message)
