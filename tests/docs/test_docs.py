"""Pages of docs/ are true: blocks parse and run, tables are the code's, nothing is left out."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import typer.main
from pydantic import BaseModel, TypeAdapter

from carpel import errors, specs
from carpel.cli.main import app
from carpel.language import Node, children, parse, parse_text, plain, to_data, to_text
from carpel.language.checks import Vocabulary, mistakes
from carpel.language.operands import Aggregate, Operator
from carpel.language.operators import WEEKDAYS
from carpel.language.parse import READERS
from carpel.language.text.phrases import WORDS as WORDS_OF_TEXT
from carpel.language.text.words import RESERVED
from carpel.manifest.kinds import KINDS
from carpel.manifest.yaml import read
from carpel.specs.places import places
from carpel.specs.rfm_groups import RFM_GROUPS
from carpel.specs.standings import LIFECYCLE, NONE_YET

ROOT = Path(__file__).parents[2]
PAGES = {
    path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))
}
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
HOME = {
    "source": "sources",
    "column": "sources",
    "format": "sources",
    "check": "sources",
    "segment": "rules",
    "segmentation": "segments",
    "goal": "segments",
    "persona": "personas",
    "writer": "personas",
    "trait": "traits",
    "prediction": "traits",
    "access": "campaigns",
    "campaign": "campaigns",
    "campaign_parts": "campaigns",
    "regions": "campaigns",
    "trigger": "campaigns",
    "job": "campaigns",
    "recommend": "campaigns",
    "channel": "channels",
    "webhook": "channels",
    "plugin": "channels",
    "coupon": "coupons",
    "ads": "channels",
    "task": "channels",
    "message": "campaigns",
    "page": "pages",
    "slot": "web",
    "metric": "verdicts",
    "experiment": "verdicts",
    "holdout": "verdicts",
    "offer": "verdicts",
    "project": "operations",
    "computing": "engines",
}
"""The page on which the fields of a module of `specs` stand."""


def blocks(page: str, *languages: str) -> list[tuple[str, str]]:
    return [each for each in BLOCK.findall(PAGES[page]) if each[0] in languages]


def code(page: str) -> str:
    """All that a page says in code: blocks, and what stands between backticks."""
    text = PAGES[page]
    fenced = "\n".join(body for _, body in BLOCK.findall(text))
    return fenced + "\n" + "\n".join(re.findall(r"`([^`\n]+)`", BLOCK.sub("", text)))


def table(page: str, first: str) -> list[list[str]]:
    """Rows of the table whose first heading is `first`, without backticks."""
    found = re.search(rf"^\| {first} \|.*\n\|[-|: ]+\n((?:\|.*\n)+)", PAGES[page], re.MULTILINE)
    assert found, f"docs/{page}.md has no table that begins with {first}"
    cells = [line.strip("| \n").split(" | ") for line in found[1].splitlines()]
    return [[each.replace("`", "").strip() for each in row] for row in cells]


def written() -> Iterator[tuple[str, str, str]]:
    """Page, what kind of file, and text of every YAML file on a page; a block may hold several."""
    for page in PAGES:
        for _, body in blocks(page, "yaml"):
            parts = re.split(r"^# (carpel\.yml|rule|\w+/\w+\.yml).*\n", body, flags=re.MULTILINE)
            assert not parts[0].strip(), (
                f"docs/{page}.md: a YAML block does not say which file it is"
            )
            for name, text in zip(parts[1::2], parts[2::2], strict=True):
                yield page, name, text


WRITTEN = list(written())


@pytest.mark.parametrize(
    ("page", "name", "text"),
    WRITTEN,
    ids=[f"{page}:{name}:{n}" for n, (page, name, _) in enumerate(WRITTEN)],
)
def test_yaml_on_a_page_is_what_the_specs_read(page, name, text, tmp_path):
    file = tmp_path / "file.yml"
    file.write_text(text, encoding="utf-8")
    found = read(file, name)
    assert not found.problems
    if name == "rule":
        parse(found.data)
        return
    kind, _, stem = name.removesuffix(".yml").partition("/")
    model = specs.Project if kind == "carpel" else KINDS[kind]
    TypeAdapter(model).validate_python({"name": stem or "shop", **found.data})


RULES = re.findall(
    r"^```yaml\n# rule\n(.*?)^```\n\n((?:^>[^\n]*\n)*)", PAGES["rules"], re.MULTILINE | re.DOTALL
)


@pytest.mark.parametrize(("rule", "said"), RULES, ids=range(len(RULES)))
def test_a_rule_reads_as_the_page_says(rule, said, tmp_path):
    file = tmp_path / "rule.yml"
    file.write_text(rule, encoding="utf-8")
    assert " ".join(said.replace(">", "").split()) == plain(parse(read(file, "rule").data))


LINES = [
    line
    for block in re.findall(r"^```rule\n(.*?)^```", PAGES["rules"], re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_text_is_a_rule(line):
    rule = parse_text(line)
    assert parse_text(to_text(rule)) == rule == parse(to_data(rule))
    assert plain(rule).startswith("People ")


def test_lines_of_text_show_every_clause_and_operator():
    rules = [each for line in LINES for each in _whole(parse_text(line))]
    shown = {type(each).__name__ for each in rules}
    assert {each.__name__ for each in _kinds(Node)} - shown == set()
    said = " ".join(LINES)
    assert not [each for each in WORDS_OF_TEXT.values() if f" {each} " not in f"{said} "]


def _kinds(kind):
    below = kind.__subclasses__()
    concrete = {each for each in below if not each.__subclasses__()}
    return concrete | {x for each in below for x in _kinds(each)}


def _whole(node):
    yield node
    for child in children(node):
        yield from _whole(child)


KINDS_KNOWN = Vocabulary(traits={"age": "integer"})


@pytest.mark.parametrize(("rule", "said"), [(row[0], row[1]) for row in table("rules", "rule")])
def test_what_is_said_of_a_rule_is_as_the_page_says(rule, said):
    (found,) = mistakes(parse_text(rule), KINDS_KNOWN)
    assert said in found.message


def test_every_keyword_of_the_grammar_is_one_of_the_language():
    (grammar,) = re.findall(r"^```ebnf\n(.*?)^```", PAGES["rules"], re.MULTILINE | re.DOTALL)
    known = RESERVED | {"the", "hours", "days", "weeks", "months", "years"}
    known |= {"day", "week", "month", "quarter", "year"}
    words = set(re.findall(r'"([a-z]+)"', grammar))
    assert words <= known
    assert RESERVED - words - {"time", "case", *WEEKDAYS} == set()


def test_every_word_of_the_language_is_on_its_page():
    said = code("rules")
    missing = [
        word
        for word in (*READERS, *get_args(Operator), *get_args(Aggregate))
        if not re.search(rf"\b{word}\b", said)
    ]
    assert not missing


def test_rfm_groups_are_as_the_page_says():
    def scores(low: int, high: int) -> str:
        return str(low) if low == high else f"{low} to {high}"

    assert table("segments", "group") == [
        [
            each.name,
            scores(*each.recency),
            scores(*each.frequency),
            scores(*each.monetary),
            each.objective,
        ]
        for each in RFM_GROUPS
    ]
    assert f"`{NONE_YET.name}`" in PAGES["segments"]


def test_lifecycle_is_as_the_page_says():
    spec = specs.Lifecycle(name="lifecycle", kind="lifecycle")
    found = [[each.name, each.meaning] for each in places(spec)]
    assert table("segments", "stage") == found
    assert len(found) == len(LIFECYCLE)


def test_exit_codes_are_as_the_page_says():
    listed = {row[1]: int(row[0]) for row in table("operations", "code")}
    kinds = [each for each in vars(errors).values() if isinstance(each, type)]
    trees = [each for each in kinds if issubclass(each, errors.CarpelError)]
    assert {name: code for name, code in listed.items() if name in vars(errors)} == {
        each.__name__: each.exit_code for each in trees
    }
    assert {0, 70, 130} <= set(listed.values())


def test_identity_is_held_to_what_the_page_says():
    tested = (ROOT / "tests/stages/identity/test_identity_likeness.py").read_text(encoding="utf-8")
    held = dict(re.findall(r'\("(\w+)", (0\.\d+)\)', tested))
    listed = {row[0]: (row[3], row[4]) for row in table("identity", "data")}
    assert {name: listed[name][0] for name in held} == held and len(held) == 4
    assert all(float(found) >= float(least) for least, found in listed.values())


def commands(group: Any, *path: str) -> Iterator[tuple[str, list[str]]]:
    """Every command with its options."""
    for name, each in group.commands.items():
        if hasattr(each, "commands"):
            yield from commands(each, *path, name)
        else:
            options = [option for one in each.params for option in one.opts if option[:2] == "--"]
            yield " ".join((*path, name)), options


COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command):
    said = "\n".join(map(code, PAGES)) + README
    assert re.search(rf"\bcarpel {command}\b", said)
    asked = [each for each in COMMANDS[command] if each != "--help"]
    assert not [each for each in asked if not re.search(rf"{each}\b", said)]


def models(model: Any) -> Iterator[type[BaseModel]]:
    """Every model that a kind of file holds."""
    if isinstance(model, type) and issubclass(model, BaseModel):
        yield model
        for field in model.model_fields.values():
            yield from models(field.annotation)
    for each in get_args(model):
        yield from models(each)


FIELDS = sorted(
    {
        (each.__module__.rpartition(".")[2], field)
        for kind in (specs.Project, *KINDS.values())
        for each in models(kind)
        for field in each.model_fields
        if each.__module__.startswith("carpel.specs.")
    }
    - {(home, shared) for home in HOME for shared in ("name", "version")}
)
"""Module and field; `name` is the file's own and `version` stands above all pages."""


@pytest.mark.parametrize("home", HOME)
def test_every_field_is_documented(home):
    said = code(HOME[home])
    mine = [field for module, field in FIELDS if module == home]
    assert mine
    assert not [field for field in mine if not re.search(rf"\b{field}\b", said)]


def test_every_spec_has_a_page():
    assert {module for module, _ in FIELDS} == set(HOME)
    assert "version: 1" in code("operations")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_linked_and_its_links_lead_somewhere(page):
    assert f"(docs/{page}.md)" in README
    for target in re.findall(r"\]\(([^)#:{]+)(?:#[\w-]+)?\)", PAGES[page]):
        assert (ROOT / "docs" / target).exists()


def files_of(page: str) -> Iterator[str]:
    """Commands that write the files of a page into the project, but for carpel.yml."""
    for where, name, text in WRITTEN:
        if where == page and "/" in name:
            folder = f"shop/{name.partition('/')[0]}"
            yield f"mkdir -p {folder} && cat > shop/{name} <<'FILE'\n{text}FILE\n"


RUN = [page for page in PAGES if blocks(page, "sh", "python")]


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN)
def test_every_command_and_snippet_of_a_page_runs(page, in_project):
    told = [each for each in blocks(page, "sh", "python") if "-m benchmarks" not in each[1]]
    if page in ("campaigns", "channels", "coupons", "pages", "web"):
        in_project([("sh", file) for file in files_of(page)])
    late = "echo A900,p1@mail.example,soon,10.00,tea >> orders.csv"
    in_project([("sh", late), *told] if page == "sources" else told)
