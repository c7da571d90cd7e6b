"""`carpel placements`: what printed codes brought, by placement and branch, and what it cost."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from carpel.engine.query import Tree, column, query, table
from carpel.errors import NotFound
from carpel.store.links import clicks, targets
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session

SHORT = "s/"
TAGS = ("utm_campaign", "utm_source", "utm_content")
"""What the link behind a code says: its name, its placement, its branch."""
Bill = tuple[str, str, float]


@dataclass(frozen=True)
class Placement:
    """One printed code: how often it was scanned by no machine, how many people signed up by it,
    and what it cost in the project's currency; None where no bill names it."""

    code: str
    name: str
    place: str
    branch: str
    scans: int
    sign_ups: int
    cost: float | None
    cost_by: str
    per_sign_up: float | None


def placements(session: Session, event: str) -> list[Placement]:
    """Every code that `carpel qr` made, by its name, placement and branch.

    Signed up is who did the event with the tags of the code's link as properties (`utm_campaign`,
    `utm_source`, `utm_content`), or with its own name as the property `code`. A bill is a code's
    own where its campaign is the code's; one whose campaign and channel are a name and placement is
    shared evenly among the branches. Raises NotFound for an event there is none of.
    """
    ledger = session.store.ledger
    codes = {
        code.removeprefix(SHORT): tags
        for code, target in targets(ledger).items()
        if code.startswith(SHORT) and (tags := _tags(target)) is not None
    }
    scans = Counter(each.code.removeprefix(SHORT) for each in clicks(ledger) if not each.machine)
    with reading(session) as reader:
        signed, bills = _signed_up(reader, event), _bills(reader)
    found = (_placement(code, codes, scans, signed, bills) for code in codes)
    return sorted(found, key=lambda each: (each.name, each.place, each.branch))


def _tags(target: str) -> tuple[str, str, str] | None:
    """Name, placement and branch of a link that is printed; None of another."""
    said = dict(parse_qsl(urlsplit(target).query))
    if said.get("utm_medium") != "qr":
        return None
    name, place, branch = (said.get(each, "") for each in TAGS)
    return name, place, branch


def _placement(
    code: str,
    codes: Mapping[str, tuple[str, str, str]],
    scans: Mapping[str, int],
    signed: Mapping[tuple[str, str, str] | str, set[int]],
    bills: Sequence[Bill],
) -> Placement:
    tags = codes[code]
    people = len(signed.get(code, set()) | signed.get(tags, set()))
    shared = sum(each[:2] == tags[:2] for each in codes.values())
    cost, by = _cost(code, tags, shared, bills)
    return Placement(
        code, *tags, scans.get(code, 0), people, cost, by,
        cost / people if cost is not None and people else None,
    )  # fmt: skip


def _cost(
    code: str, tags: tuple[str, str, str], shared: int, bills: Sequence[Bill]
) -> tuple[float | None, str]:
    own = [amount for campaign, _, amount in bills if campaign == code.lower()]
    if own:
        return sum(own), "its own bills"
    name, place = tags[0].lower(), tags[1].lower()
    of_place = [amount for *said, amount in bills if said == [name, place]]
    if of_place:
        return sum(of_place) / shared, "an even share of its placement’s bills"
    return None, ""


def _bills(reader: Reader) -> list[Bill]:
    rows: Iterable[Bill] = reader.engine.rows(
        query(
            """SELECT lower(coalesce(campaign, '')), lower(coalesce(channel, '')),
                      CAST(amount AS DOUBLE) FROM costs
               WHERE amount IS NOT NULL AND coalesce(currency, :ours) = :ours""",
            ours=reader.definitions.project.currency,
        )
    )
    return list(rows)


def _signed_up(reader: Reader, event: str) -> dict[tuple[str, str, str] | str, set[int]]:
    """People by the tags, and by the code, that their event says."""
    catalogue = reader.evaluator.catalogue
    home = f"event_{event}"
    if home not in catalogue.tables:
        known = {each.removeprefix("event_") for each in catalogue.tables if each[:6] == "event_"}
        raise NotFound("event", event, known, action="Say which event signing up is: --event NAME")
    there = catalogue.columns(home)
    rows = reader.engine.rows(
        query(
            """SELECT DISTINCT coalesce(a.survivor, e.customer), :said
               FROM :home AS e LEFT JOIN aliases AS a ON a.customer = e.customer""",
            said=[_text(each, each in there) for each in (*TAGS, "code")],
            home=table(home),
        )
    )
    found: dict[tuple[str, str, str] | str, set[int]] = {}
    for who, name, place, branch, code in rows:
        found.setdefault((name, place, branch), set()).add(who)
        found.setdefault(code, set()).add(who)
    return found


def _text(name: str, there: bool) -> Tree:
    said = column(name, "e") if there else query("NULL")
    return query("coalesce(CAST(:it AS VARCHAR), '')", it=said)
