"""A proposal as a folder of YAML: it runs as it stands, and says what was read and why."""

from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from carpel.inference.proposal import Proposal
from carpel.inference.reading import Reading
from carpel.inference.scales import scales
from carpel.inference.source import SourceProposal

ORDER = (
    "label",
    "read",
    "format",
    "timezone",
    "mode",
    "key",
    "fill_down",
    "joins",
    "identifiers",
    "traits",
    "seen_at",
    "known_since",
    "track",
    "hold",
    "permit",
    "account",
    "describes",
    "properties",
    "costs",
)
_DOUBTFUL = frozenset(("yes", "no", "on", "off", "true", "false", "y", "n", "null", "~"))
"""Text that some readers of YAML take for something else."""
IGNORED = ".carpel/\ncarpel-report.html\nexports/\nsecrets.env\n"


def write(proposal: Proposal, folder: Path) -> list[Path]:
    """Write carpel.yml, a file a source, a survey's scales and a goal; gives their paths.

    Files that are there already are not touched: FileExistsError names the first.
    """
    texts = dict(_files(proposal, folder))
    for path in texts:
        if path.exists():
            raise FileExistsError(path)
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(texts)


def _files(proposal: Proposal, folder: Path) -> Iterator[tuple[Path, str]]:
    yield folder / "carpel.yml", _project(proposal)
    yield folder / ".gitignore", IGNORED
    for source in proposal.sources:
        yield folder / "sources" / f"{source.spec.name}.yml", _source(source, folder)
        for name, data, why in scales(source):
            yield folder / "traits" / f"{name}.yml", document(data, why)
    for goal in proposal.goals:
        data = goal.model_dump(mode="python", exclude_defaults=True, exclude={"name"})
        yield folder / "goals" / f"{goal.name}.yml", _yaml({"version": 1, **data})


def _project(proposal: Proposal) -> str:
    project = proposal.project
    data = {
        "version": 1,
        "name": project.name,
        "label": project.label,
        "kind": project.kind,
        "timezone": project.timezone,
        "currency": project.currency,
    }
    if project.country:
        data["country"] = project.country
    return _comment(proposal.notes) + _yaml(data)


def _source(source: SourceProposal, folder: Path) -> str:
    data = {
        "version": 1,
        **{key: source.data[key] for key in ORDER if key in source.data},
        "read": _relative(source.file, folder),
    }
    if "joins" in data:
        data["joins"] = [
            {**join, "read": _relative(Path(join["read"]), folder)} for join in data["joins"]
        ]
    head = [
        f"{source.kind.replace('_', ' ')} ({source.confidence:.0%}): {source.reason}",
        *source.notes,
        "",
        "What each column was taken for:",
    ]
    width = max(len(each.column) for each in source.columns)
    lines = [_line(each, width) for each in source.columns if each.use != "not used"]
    unused = [_line(each, width) for each in source.columns if each.use == "not used"]
    return _comment([*head, *lines, *(["not used:", *unused] if unused else [])]) + _yaml(data)


def document(data: Mapping[str, Any], comment: str = "") -> str:
    """A project file's text: what it says, below a comment."""
    return _comment(comment.splitlines()) + _yaml({"version": 1, **data})


def _line(reading: Reading, width: int) -> str:
    what = reading.role.replace("_", " ")
    sure = f" {reading.confidence:.0%}" if reading.known else ""
    went = f" -> {reading.use}" if reading.use != "not used" else ""
    return f"  {reading.column.ljust(width)}  {what}{sure}{went}; {reading.reason}"


def _relative(file: Path, folder: Path) -> str:
    """The path as the project's folder sees it."""
    import os

    return Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()


def _comment(lines: Any) -> str:
    safe = (" ".join(line.split("\n")) if line.strip() else "" for line in lines)
    return "".join(f"# {line}".rstrip() + "\n" for line in safe)


def _yaml(data: Mapping[str, Any]) -> str:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    yaml.representer.ignore_aliases = lambda *_: True
    yaml.dump(_plain(data), text)
    return text.getvalue()


def _plain(value: Any) -> Any:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    if isinstance(value, str) and value.lower() in _DOUBTFUL:
        return DoubleQuotedScalarString(value)
    if isinstance(value, Mapping):
        mapping = CommentedMap((_plain(key), _plain(each)) for key, each in value.items())
        if value.keys() & {"column", "constant"} and not value.get("values"):
            mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list | tuple):
        listed = CommentedSeq(_plain(each) for each in value)
        if len(value) < 6 and not any(isinstance(each, Mapping) for each in value):
            listed.fa.set_flow_style()
        return listed
    return value
