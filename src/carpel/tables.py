"""The tables on the line: who writes each, and the columns a reader may rely on.

Types are DuckDB's; instants are TIMESTAMP in UTC. An open table has further columns, named after
what people wrote (`id_email`, `t_city`, an event's properties). Identifying tables hold names,
addresses and numbers of people; everything else holds keys only. `family` tables exist once a
name: `event` stands for `event_product_purchased`, `event_order_completed` and so on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

REFUND_ONLY = "refund_only"
"""The column that tells, by TRUE, rows of the event that brings revenue of which nothing but a
refund is left, by a negative amount; else it is NULL, and without any such row there is none. A
refund takes from the money and is no order: no rule counts it, and nobody bought by it."""


@dataclass(frozen=True)
class Table:
    """The contract of one table, or of a family of tables."""

    writer: str
    meaning: str
    columns: Mapping[str, str]
    open: bool = False
    identifying: bool = False
    family: bool = False
    joined_by: tuple[str, ...] = ()  # stages that add rows about what they make themselves


def _columns(text: str) -> Mapping[str, str]:
    """Names and types, as `customer BIGINT, at TIMESTAMP`."""
    return dict(each.split(" ", 1) for each in text.split(", "))


DOING = "event_key UBIGINT, at TIMESTAMP, local_date DATE, local_hour TINYINT, loaded_at TIMESTAMP"
"""What is known of any event."""
TERMS = (
    "contract_id VARCHAR, plan VARCHAR, amount DOUBLE, currency VARCHAR, interval VARCHAR, "
    "seats BIGINT, status VARCHAR, started_at TIMESTAMP, ended_at TIMESTAMP, "
    "trial_ends_at TIMESTAMP, renews_at TIMESTAMP, paused_at TIMESTAMP, cancelled_at TIMESTAMP"
)
"""What is known of any contract."""

TABLES: Mapping[str, Table] = {
    "records": Table(
        "sources",
        "What a source says about somebody, one row a distinct saying; `seen_at` is when it was "
        "last true, `first_seen_at` the first that the source knows of who it is about.",
        _columns(
            "ref UBIGINT, source VARCHAR, file VARCHAR, row BIGINT, seen_at TIMESTAMP, "
            "first_seen_at TIMESTAMP"
        ),
        open=True,
        identifying=True,
    ),
    "staged_event": Table(
        "sources",
        "Events as read, before anybody knows who `ref` is.",
        _columns(f"ref UBIGINT, source VARCHAR, {DOING}"),
        open=True,
        family=True,
    ),
    "staged_contracts": Table(
        "sources", "Contracts as read.", _columns(f"ref UBIGINT, source VARCHAR, {TERMS}")
    ),
    "staged_consents": Table(
        "sources",
        "Permissions as read.",
        _columns(
            "ref UBIGINT, source VARCHAR, channel VARCHAR, purpose VARCHAR, granted BOOLEAN, "
            "suppress BOOLEAN, at TIMESTAMP, proof VARCHAR"
        ),
    ),
    "staged_places": Table(
        "sources",
        "Which account the people of a source belong to.",
        _columns("ref UBIGINT, source VARCHAR, account_key VARCHAR, name VARCHAR"),
        open=True,
        identifying=True,
    ),
    "described": Table(
        "sources",
        "Things looked up by key, one row each: `described_product_id` by `product_id`.",
        {},
        open=True,
        family=True,
    ),
    "costs": Table(
        "sources",
        "What was spent.",
        _columns(
            "source VARCHAR, at TIMESTAMP, amount DOUBLE, currency VARCHAR, channel VARCHAR, "
            "campaign VARCHAR"
        ),
    ),
    "set_aside": Table(
        "sources",
        "Rows that could not be used, whole, with the reason.",
        _columns(
            "source VARCHAR, file VARCHAR, row BIGINT, reason VARCHAR, column VARCHAR, "
            "content VARCHAR"
        ),
        identifying=True,
    ),
    "accounting": Table(
        "sources",
        "Rows by source, file and fate: loaded, merged or set aside with its reason.",
        _columns(
            "source VARCHAR, file VARCHAR, fate VARCHAR, reason VARCHAR, rows BIGINT, amount DOUBLE"
        ),
    ),
    "findings": Table(
        "quality",
        "What is wrong with the data, counted: `severity` is note, warning or error.",
        _columns(
            "source VARCHAR, check VARCHAR, column VARCHAR, severity VARCHAR, rows BIGINT, "
            "of BIGINT, fixed BOOLEAN, message VARCHAR, proposal VARCHAR"
        ),
    ),
    "scores": Table(
        "quality",
        "One score a source, 0 to 1.",
        _columns("source VARCHAR, score DOUBLE, rows BIGINT"),
    ),
    "identities": Table(
        "identity",
        "Who a record belongs to, those no longer read included; `origin` is its first key.",
        _columns(
            "ref UBIGINT, source VARCHAR, customer BIGINT, origin BIGINT, known_since TIMESTAMP"
        ),
    ),
    "customers": Table(
        "identity",
        "Everybody who exists: a dense key that never changes nor gets reused; `known_since` is "
        "the first that any source knows of them.",
        _columns("customer BIGINT, known_since TIMESTAMP, records BIGINT"),
    ),
    "aliases": Table(
        "identity",
        "Keys that live on under another after a merge.",
        _columns("customer BIGINT, survivor BIGINT"),
    ),
    "links": Table(
        "identity",
        "Why two records are one person. `value` is identifying.",
        _columns(
            "left_ref UBIGINT, right_ref UBIGINT, how VARCHAR, kind VARCHAR, value VARCHAR, "
            "probability DOUBLE, evidence VARCHAR"
        ),
        identifying=True,
    ),
    "contacts": Table(
        "identity",
        "The facts sources state about each person, the surviving value a field.",
        _columns("customer BIGINT"),
        open=True,
        identifying=True,
    ),
    "provenance": Table(
        "identity",
        "Which source a surviving field came from.",
        _columns(
            "customer BIGINT, field VARCHAR, source VARCHAR, seen_at TIMESTAMP, others BIGINT"
        ),
    ),
    "event": Table(
        "events",
        "What customers did, sorted by the event's cluster_by and time.",
        _columns(f"customer BIGINT, {DOING}, source VARCHAR"),
        open=True,
        family=True,
    ),
    "activity": Table(
        "events",
        "The same events sorted by customer.",
        _columns(f"customer BIGINT, {DOING}, source VARCHAR"),
        open=True,
        family=True,
    ),
    "contracts": Table(
        "events", "What customers hold and held.", _columns(f"customer BIGINT, {TERMS}")
    ),
    "accounts": Table(
        "events",
        "Companies and households.",
        _columns("account BIGINT, account_key VARCHAR, name VARCHAR"),
        open=True,
        identifying=True,
    ),
    "belongings": Table(
        "events",
        "Which account a customer belongs to.",
        _columns("customer BIGINT, account BIGINT"),
    ),
    "consents": Table(
        "consents",
        "The permission that is in force, a customer, channel and purpose.",
        _columns(
            "customer BIGINT, channel VARCHAR, purpose VARCHAR, granted BOOLEAN, "
            "suppressed BOOLEAN, at TIMESTAMP, source VARCHAR"
        ),
    ),
    "profiles": Table(
        "profiles",
        "One row a customer: anchors and figures, no identifying value.",
        _columns("customer BIGINT"),
        open=True,
    ),
    "traits": Table(
        "profiles",
        "The traits of this build: where each is, what it means, who has it.",
        _columns(
            "trait VARCHAR, label VARCHAR, meaning VARCHAR, criterion VARCHAR, type VARCHAR, "
            "unit VARCHAR, sensitivity VARCHAR, table VARCHAR, expression VARCHAR, known BIGINT, "
            "of BIGINT"
        ),
        joined_by=("predictions",),
    ),
    "predictions": Table(
        "predictions",
        "One row a customer, three columns a figure: `p_alive`, `p_alive_low`, `p_alive_high`.",
        _columns("customer BIGINT"),
        open=True,
    ),
    "model_cards": Table(
        "predictions",
        "A row a model: its data, how it did on held-out time, whether it is used; `card` is JSON.",
        _columns(
            "prediction VARCHAR, kind VARCHAR, model VARCHAR, used BOOLEAN, reason VARCHAR, "
            "at TIMESTAMP, data_from DATE, people BIGINT, held_out_days BIGINT, happened DOUBLE, "
            "foreseen DOUBLE, error DOUBLE, naive VARCHAR, naive_error DOUBLE, card VARCHAR"
        ),
    ),
    "standings": Table(
        "segments",
        "One row a customer, one text column a segmentation: the place they are in.",
        _columns("customer BIGINT"),
        open=True,
    ),
    "rfm": Table(
        "segments",
        "RFM figures and scores, one table a segmentation of that kind.",
        _columns(
            "customer BIGINT, recency_days DOUBLE, frequency BIGINT, monetary DOUBLE, r TINYINT, "
            "f TINYINT, m TINYINT, place VARCHAR"
        ),
        family=True,
    ),
    "lifecycle": Table(
        "segments",
        "Everybody's rhythm, in local days; `own_rhythm` or the population's.",
        _columns(
            "customer BIGINT, first_date DATE, last_date DATE, days BIGINT, days_since BIGINT, "
            "usual_gap_days DOUBLE, own_rhythm BOOLEAN, returned_date DATE, place VARCHAR"
        ),
        family=True,
    ),
    "tiers": Table(
        "segments",
        "The level earned, what it brings and what is missing to the next.",
        _columns(
            "customer BIGINT, value DOUBLE, place VARCHAR, benefits VARCHAR[], next VARCHAR, "
            "to_next DOUBLE"
        ),
        family=True,
    ),
    "clusters": Table(
        "segments",
        "The group that everybody is in, counted from 0; in none where `number` is unknown.",
        _columns("customer BIGINT, number BIGINT, place VARCHAR"),
        family=True,
    ),
    "clusterings": Table(
        "segments",
        "A row each way to split that a segmentation of kind clusters tried: how it does on each "
        "criterion, whether it was `taken`, and why or why not; see `carpel.stats.clusters`.",
        _columns(
            "segmentation VARCHAR, method VARCHAR, groups BIGINT, silhouette DOUBLE, gap DOUBLE, "
            "bic_gain DOUBLE, stability DOUBLE, smallest BIGINT, largest DOUBLE, lift DOUBLE, "
            "taken BOOLEAN, reason VARCHAR"
        ),
    ),
    "groups": Table(
        "segments",
        "A row a group that was found: what it is called, and the rule that says nearly the same, "
        "as JSON of the rule language and in words. `agreement` is those in both over those in "
        "either, `precision` of whom the rule holds, `recall` of the group.",
        _columns(
            "segmentation VARCHAR, place VARCHAR, label VARCHAR, people BIGINT, rule VARCHAR, "
            "plain VARCHAR, agreement DOUBLE, precision DOUBLE, recall DOUBLE"
        ),
    ),
    "memberships": Table(
        "segments",
        "Sets of customers as roaring bitmaps, by part: members, unknown.",
        _columns("segment VARCHAR, part VARCHAR, people BIGINT, members BLOB"),
    ),
    "account_segments": Table(
        "segments",
        "A row a segment whose unit is an account: its definition, how many of all accounts are "
        "in it, of how many it is not known, their people, and the set of their keys as a roaring "
        "bitmap.",
        _columns(
            "segment VARCHAR, label VARCHAR, objective VARCHAR, action VARCHAR, rule VARCHAR, "
            "plain VARCHAR, accounts BIGINT, unknown BIGINT, of BIGINT, people BIGINT, "
            "members BLOB"
        ),
    ),
    "movements": Table(
        "segments",
        "Who entered and left each segment (`*`: everybody there is), of this build and of all "
        "before it; the whole set, as part `members`, when a segment begins and every 30 builds. "
        "`build` counts the builds, 0 is a moment that a replay worked out; `at` is the build's "
        "as_of, or where that is earlier than the row before, that one's.",
        _columns(
            "segment VARCHAR, at TIMESTAMP, build BIGINT, part VARCHAR, cause VARCHAR, "
            "people BIGINT, members BLOB"
        ),
    ),
    "account_movements": Table(
        "segments",
        "The same of segments whose unit is an account: sets of keys of accounts.",
        _columns(
            "segment VARCHAR, at TIMESTAMP, build BIGINT, part VARCHAR, cause VARCHAR, "
            "people BIGINT, members BLOB"
        ),
    ),
    "sizes": Table(
        "segments",
        "A row a segment: its definition, size, money and reach.",
        _columns(
            "segment VARCHAR, label VARCHAR, kind VARCHAR, objective VARCHAR, action VARCHAR, "
            "rule VARCHAR, plain VARCHAR, people BIGINT, unknown BIGINT, share DOUBLE, "
            "revenue_365d DOUBLE, revenue_share DOUBLE"
        ),
    ),
    "reach": Table(
        "reach",
        "People of a segment who may and can be contacted, by channel.",
        _columns(
            "segment VARCHAR, channel VARCHAR, people BIGINT, with_address BIGINT, "
            "permitted BIGINT, suppressed BIGINT, reachable BIGINT"
        ),
    ),
    "moments": Table(
        "segments",
        "What each trait is like in each segment and among everybody (`*`): of how many it is "
        "known, mean and variance (divided by n); of a category, a row a common value, its mean "
        "the share that has it.",
        _columns(
            "segment VARCHAR, trait VARCHAR, value VARCHAR, n BIGINT, mean DOUBLE, variance DOUBLE"
        ),
    ),
    "differences": Table(
        "segments",
        "What sets a segment apart most: a trait there and among everybody else.",
        _columns(
            "segment VARCHAR, trait VARCHAR, value VARCHAR, inside DOUBLE, outside DOUBLE, "
            "effect DOUBLE, n BIGINT"
        ),
    ),
    "fitness": Table(
        "fitness",
        "The fitness card: a row a segment and criterion, and `campaign`, what they come to. "
        "`verdict` is yes, partly, no or unknown; `settle` is what would settle it.",
        _columns(
            "segment VARCHAR, criterion VARCHAR, verdict VARCHAR, sentence VARCHAR, "
            "settle VARCHAR, value DOUBLE, n BIGINT"
        ),
    ),
    "fitness_details": Table(
        "fitness",
        "The figures behind the card: what was measured, against whom, with its 95 % interval "
        "and `q`, the share of false findings to expect if all as clear were told.",
        _columns(
            "segment VARCHAR, criterion VARCHAR, what VARCHAR, trait VARCHAR, part VARCHAR, "
            "against VARCHAR, inside DOUBLE, outside DOUBLE, value DOUBLE, low DOUBLE, "
            "high DOUBLE, q DOUBLE, n BIGINT, of BIGINT, used BOOLEAN"
        ),
    ),
    "goals": Table(
        "goals",
        "How far each goal is.",
        _columns(
            "goal VARCHAR, metric VARCHAR, segment VARCHAR, value DOUBLE, target DOUBLE, by DATE, "
            "n BIGINT, of BIGINT"
        ),
    ),
}

SINGLE = frozenset(name for name, each in TABLES.items() if not each.family)
"""Tables that stand under their own name, even where nobody wrote them."""


def contract(name: str) -> Table:
    """Give the contract of a table, or of the family it belongs to; KeyError when there is none."""
    if name in TABLES:
        return TABLES[name]
    families = [key for key, table in TABLES.items() if table.family and name.startswith(f"{key}_")]
    return TABLES[max(families, key=len)] if families else TABLES[name]
