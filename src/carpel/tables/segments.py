"""Who is in which segment, how that moves, and what the segments are worth."""

from collections.abc import Mapping

from carpel.tables.table import Table, columns

MEMBERS, UNKNOWN = "members", "unknown"
"""Parts of `memberships`: the whole set, and those of whom it is not known."""

TABLES: Mapping[str, Table] = {
    "standings": Table(
        "segments",
        "One row a customer, one text column a segmentation: the place they are in.",
        columns("customer BIGINT"),
        open=True,
    ),
    "rfm": Table(
        "segments",
        "RFM figures and scores, one table a segmentation of that kind.",
        columns(
            "customer BIGINT, recency_days DOUBLE, frequency BIGINT, monetary DOUBLE, r TINYINT, "
            "f TINYINT, m TINYINT, place VARCHAR"
        ),
        family=True,
    ),
    "lifecycle": Table(
        "segments",
        "Everybody's rhythm, in local days; `own_rhythm` or the population's.",
        columns(
            "customer BIGINT, first_date DATE, last_date DATE, days BIGINT, days_since BIGINT, "
            "usual_gap_days DOUBLE, own_rhythm BOOLEAN, returned_date DATE, place VARCHAR"
        ),
        family=True,
    ),
    "tiers": Table(
        "segments",
        "The level earned, what it brings and what is missing to the next.",
        columns(
            "customer BIGINT, value DOUBLE, place VARCHAR, benefits VARCHAR[], next VARCHAR, "
            "to_next DOUBLE"
        ),
        family=True,
    ),
    "clusters": Table(
        "segments",
        "The group that everybody is in, counted from 0; in none where `number` is unknown.",
        columns("customer BIGINT, number BIGINT, place VARCHAR"),
        family=True,
    ),
    "clusterings": Table(
        "segments",
        "A row each way to split that a segmentation of kind clusters tried: how it does on each "
        "criterion, whether it was `taken`, and why or why not; see `carpel.stats.clusters`.",
        columns(
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
        columns(
            "segmentation VARCHAR, place VARCHAR, label VARCHAR, people BIGINT, rule VARCHAR, "
            "plain VARCHAR, agreement DOUBLE, precision DOUBLE, recall DOUBLE"
        ),
    ),
    "memberships": Table(
        "segments",
        "Sets of customers as roaring bitmaps, by part: members, unknown.",
        columns("segment VARCHAR, part VARCHAR, people BIGINT, members BLOB"),
    ),
    "account_segments": Table(
        "segments",
        "A row a segment whose unit is an account: its definition, how many of all accounts are "
        "in it, of how many it is not known, their people, and the set of their keys as a roaring "
        "bitmap.",
        columns(
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
        columns(
            "segment VARCHAR, at TIMESTAMP, build BIGINT, part VARCHAR, cause VARCHAR, "
            "people BIGINT, members BLOB"
        ),
    ),
    "account_movements": Table(
        "segments",
        "The same of segments whose unit is an account: sets of keys of accounts.",
        columns(
            "segment VARCHAR, at TIMESTAMP, build BIGINT, part VARCHAR, cause VARCHAR, "
            "people BIGINT, members BLOB"
        ),
    ),
    "sizes": Table(
        "segments",
        "A row a segment: its definition, size, money and reach.",
        columns(
            "segment VARCHAR, label VARCHAR, kind VARCHAR, objective VARCHAR, action VARCHAR, "
            "rule VARCHAR, plain VARCHAR, people BIGINT, unknown BIGINT, share DOUBLE, "
            "revenue_365d DOUBLE, revenue_share DOUBLE, revenue_kind VARCHAR"
        ),
    ),
    "reach": Table(
        "reach",
        "People of a segment, and of everybody (`*`), who may and can be contacted, by channel.",
        columns(
            "segment VARCHAR, channel VARCHAR, people BIGINT, with_address BIGINT, "
            "permitted BIGINT, suppressed BIGINT, reachable BIGINT"
        ),
    ),
    "moments": Table(
        "segments",
        "What each trait is like in each segment and among everybody (`*`): of how many it is "
        "known, mean and variance (divided by n); of a category, a row a common value, its mean "
        "the share that has it.",
        columns(
            "segment VARCHAR, trait VARCHAR, value VARCHAR, n BIGINT, mean DOUBLE, variance DOUBLE"
        ),
    ),
    "differences": Table(
        "segments",
        "What sets a segment apart most: a trait there and among everybody else.",
        columns(
            "segment VARCHAR, trait VARCHAR, value VARCHAR, inside DOUBLE, outside DOUBLE, "
            "effect DOUBLE, n BIGINT"
        ),
    ),
    "fitness": Table(
        "fitness",
        "The fitness card: a row a segment and criterion, and `campaign`, what they come to. "
        "`verdict` is yes, partly, no or unknown; `settle` is what would settle it.",
        columns(
            "segment VARCHAR, criterion VARCHAR, verdict VARCHAR, sentence VARCHAR, "
            "settle VARCHAR, value DOUBLE, n BIGINT"
        ),
    ),
    "fitness_details": Table(
        "fitness",
        "The figures behind the card: what was measured, against whom, with its 95 % interval "
        "and `q`, the share of false findings to expect if all as clear were told.",
        columns(
            "segment VARCHAR, criterion VARCHAR, what VARCHAR, trait VARCHAR, part VARCHAR, "
            "against VARCHAR, inside DOUBLE, outside DOUBLE, value DOUBLE, low DOUBLE, "
            "high DOUBLE, q DOUBLE, n BIGINT, of BIGINT, used BOOLEAN"
        ),
    ),
    "persona_sentences": Table(
        "personas",
        "What is told of each segment, section by section: a sentence and the figures it stands "
        "on, of its people and of everybody else. `of` is a trait, `bought_category` and "
        "`bought_brand` (people who bought it in 365 days, of those who bought anything), "
        "`ordered_in`, `orders_12m` and `spend_12m` (twelve whole months, of those who ordered in "
        "them). `statistic` is mean, share (that has `part`), median or share_of_total (of the "
        "revenue; `contrast` is the share of people).",
        columns(
            "segment VARCHAR, section VARCHAR, position BIGINT, kind VARCHAR, text VARCHAR, "
            "statistic VARCHAR, of VARCHAR, label VARCHAR, part VARCHAR, unit VARCHAR, "
            "value DOUBLE, low DOUBLE, high DOUBLE, n BIGINT, contrast DOUBLE, contrast_n BIGINT, "
            "gap_low DOUBLE, gap_high DOUBLE, direction VARCHAR, q DOUBLE, effect DOUBLE"
        ),
    ),
    "persona_questions": Table(
        "personas",
        "What data could not show of a segment: why, and a question for a survey; `answers` is "
        "its scale, in order, with semicolons, empty where people answer in their own words.",
        columns(
            "segment VARCHAR, section VARCHAR, asks VARCHAR, reason VARCHAR, wording VARCHAR, "
            "answers VARCHAR"
        ),
    ),
    "persona_wordings": Table(
        "personas",
        "What a language model, where the project names one, made of a sentence; one that was not "
        "`accepted` is not shown, and `reason` says why. `wording` is NULL where none came.",
        columns(
            "segment VARCHAR, text VARCHAR, wording VARCHAR, accepted BOOLEAN, reason VARCHAR, "
            "model VARCHAR"
        ),
    ),
    "goals": Table(
        "goals",
        "How far each goal is, and where it would end on its date if it goes on as so far, with "
        "what is likely (95 %); without that where too little of its path is known.",
        columns(
            "goal VARCHAR, metric VARCHAR, segment VARCHAR, value DOUBLE, target DOUBLE, by DATE, "
            "n BIGINT, of BIGINT, ends DOUBLE, ends_low DOUBLE, ends_high DOUBLE"
        ),
    ),
    "goal_path": Table(
        "goals",
        "The figure of each goal at earlier moments and now, by the data of now.",
        columns("goal VARCHAR, at TIMESTAMP, value DOUBLE, n BIGINT"),
    ),
}
