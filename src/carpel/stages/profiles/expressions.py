"""Expressions that people write over traits: what they may say, and their meaning as a tree."""

from collections.abc import Callable, Iterator

from sqlglot import exp, parse_one
from sqlglot.errors import ParseError, TokenError

from carpel.engine.query import Tree, query

FUNCTIONS = ("coalesce", "nullif", "least", "greatest", "abs", "round", "case … when … end")
"""Functions that an expression may use."""
ALLOWED = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Neg,
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE,
    exp.And, exp.Or, exp.Not, exp.Is, exp.Between, exp.In,
    exp.Coalesce, exp.Nullif, exp.Least, exp.Greatest, exp.Abs, exp.Round, exp.Case, exp.If,
)  # fmt: skip


class ExpressionError(ValueError):
    """An expression that cannot be read; `at` is the character it goes wrong at, from 1."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


def parsed(text: str) -> Tree:
    """Read an expression; raises ExpressionError with the place of what is not allowed in one."""
    try:
        tree = parse_one(text, dialect="duckdb")
    except (ParseError, TokenError) as error:
        raise ExpressionError("this does not read as an expression", _place(text, error)) from None
    for node in tree.walk():
        _check(node, text)
    return tree


def _check(node: Tree, text: str) -> None:
    if isinstance(node, exp.Column) and node.table:
        raise ExpressionError(f"a trait's name has no dot: {node.sql()}", _found(text, node.table))
    if type(node) not in ALLOWED:
        said = node.name if isinstance(node, exp.Anonymous) else _word(node)
        raise ExpressionError(f"`{said}` may not be used here", _found(text, said))


def _word(node: Tree) -> str:
    return node.sql_name().lower() if isinstance(node, exp.Func) else node.key


def _found(text: str, said: str) -> int:
    return max(text.lower().find(said.lower()), 0) + 1


def _place(text: str, error: ParseError | TokenError) -> int:
    told = error.errors[0] if isinstance(error, ParseError) and error.errors else {}
    line, col = int(told.get("line") or 1), int(told.get("col") or 1)
    return sum(len(each) + 1 for each in text.split("\n")[: line - 1]) + col


def names(tree: Tree) -> Iterator[str]:
    """The traits that an expression reads."""
    return (each.name for each in tree.find_all(exp.Column))


def meaning(tree: Tree, value: Callable[[str], Tree]) -> Tree:
    """The expression over the values of its traits; a division by zero is unknown."""
    whole = exp.paren(tree)
    for division in list(whole.find_all(exp.Div)):
        division.set("expression", query("nullif(:by, 0)", by=division.expression))
    for each in list(whole.find_all(exp.Column)):
        each.replace(exp.paren(value(each.name)))
    return whole
