"""Small changes to a module's source, each of which some test should notice.

Left alone is what no behaviour hangs on: documentation, annotations, decorators (freezing, the
size of a cache), assertions, the wording of errors.
"""

import ast
import builtins
import copy
from collections.abc import Iterator
from dataclasses import dataclass

FLIPPED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
"""The boundary shifted, and the opposite."""
OTHERS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
OPPOSITE = {"min": "max", "max": "min", "any": "all", "all": "any"}
TYPES = {*dir(builtins), "date", "datetime"}
WORDING = {"unknown", "expected", "suggestion"}
"""Functions that only word an error."""
ERRORS = ("Error", "NotFound", "Finding", "wrong", "fail")
"""How what takes the wording of an error is called in the end."""


@dataclass(frozen=True)
class Change:
    """One change of a module: where it is, and what it says before and after."""

    number: int
    line: int
    statement: int
    """The first line of the statement that it is in."""
    text: str
    """The line as it stands."""
    told: str


@dataclass(frozen=True)
class _Place:
    """A node within the tree, as its holder's field (and which item of it)."""

    holder: ast.AST
    field: str
    index: int | None
    node: ast.AST
    statement: int

    @property
    def line(self) -> int:
        return int(getattr(self.node, "lineno", 0))

    def put(self, other: ast.AST) -> None:
        if self.index is None:
            setattr(self.holder, self.field, other)
        else:
            getattr(self.holder, self.field)[self.index] = other


def changes(source: str) -> list[Change]:
    """Every change that there is to a module, in the order of its text."""
    lines = source.splitlines()
    return [
        Change(
            number,
            place.line,
            place.statement,
            lines[place.line - 1].strip(),
            f"{_text(place.node)} -> {_text(other)}",
        )
        for number, (place, other) in enumerate(_all(ast.parse(source)))
    ]


def changed(source: str, number: int) -> ast.Module:
    """The module's tree with that change made to it."""
    tree = ast.parse(source)
    for each, (place, other) in enumerate(_all(tree)):
        if each == number:
            place.put(ast.copy_location(other, place.node))
            return ast.fix_missing_locations(tree)
    raise IndexError(number)


def _all(tree: ast.Module) -> Iterator[tuple[_Place, ast.AST]]:
    for place in _places(tree):
        yield from ((place, other) for other in _instead(place))


def _text(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 150 else f"{text[:147]}…"


def _places(holder: ast.AST, statement: int = 0) -> Iterator[_Place]:
    for field, value in ast.iter_fields(holder):
        for index, node in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(node, ast.AST) and not _idle(holder, field, node):
                first = node.lineno if isinstance(node, ast.stmt) else statement
                at = index if isinstance(value, list) else None
                yield _Place(holder, field, at, node, first)
                yield from _places(node, first)


def _idle(holder: ast.AST, field: str, node: ast.AST) -> bool:
    """Whether nothing that a test could notice hangs on it."""
    if field in ("annotation", "returns", "decorator_list", "pattern"):
        return True
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Assert() | ast.Import() | ast.ImportFrom():
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.keyword(arg="strict"):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]) | ast.FunctionDef(name="__repr__"):
            return True
        case ast.JoinedStr():
            return isinstance(holder, ast.Call) and _worded(holder)
        case ast.Call(func=ast.Name(id=name)):
            return name in WORDING
    return _is_type(node)


def _worded(call: ast.Call) -> bool:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    return name.endswith(ERRORS)


def _is_type(node: ast.AST) -> bool:
    """Whether it is a union of types, such as `int | None`."""
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.BitOr)
        and all(_names_type(each) for each in (node.left, node.right))
    )


def _names_type(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=None):
            return True
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name[0].isupper() or name in TYPES
        case ast.Subscript(value=value):
            return _names_type(value)
    return _is_type(node)


def _instead(place: _Place) -> Iterator[ast.AST]:
    """What may stand in a node's place."""
    node = place.node
    match node:
        case ast.Compare():
            yield from _compared(node)
        case ast.BoolOp():
            other = copy.copy(node)
            other.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield other
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.BinOp() | ast.AugAssign() if type(node.op) in OTHERS:
            other = copy.copy(node)
            other.op = OTHERS[type(node.op)]()
            yield other
        case ast.Constant():
            yield from _constants(node)
        case ast.Call(func=ast.Name(id=name)) if name in OPPOSITE:
            other = copy.copy(node)
            other.func = ast.Name(OPPOSITE[name], ast.Load())
            yield other
        case ast.Return(value=ast.AST() as value) if not _says_no(value):
            yield ast.Return(ast.Constant(None))
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()
        case ast.Expr() | ast.Raise():
            yield ast.Pass()
        case ast.AugAssign() | ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()
    if place.field in ("test", "ifs", "guard") and not isinstance(node, ast.Compare):
        yield from _opposite(node)


def _compared(node: ast.Compare) -> Iterator[ast.AST]:
    for index, operator in enumerate(node.ops):
        for kind in FLIPPED[type(operator)]:
            other = copy.copy(node)
            other.ops = [*node.ops[:index], kind(), *node.ops[index + 1 :]]
            yield other


def _constants(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)


def _opposite(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.expr) and not isinstance(node, ast.UnaryOp):
        yield ast.UnaryOp(ast.Not(), node)


def _says_no(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value in (None, False)
