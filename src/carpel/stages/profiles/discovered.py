"""Traits that only the data can name: answers by question, and facts stated about accounts."""

import re
from collections.abc import Iterable

from carpel.engine.query import column, query
from carpel.stages.profiles.entry import Entry
from carpel.stages.profiles.relations import Relations
from carpel.stages.profiles.stated import bare, criterion, kind, sensitivity

MOST_QUESTIONS = 60
"""A survey with more different questions than this is free text, not questions."""


def discovered(relations: Relations, taken: Iterable[str]) -> list[Entry]:
    """An entry for every question asked and every plain fact about accounts."""
    names = set(taken)
    return [*_answers(relations, names), *_accounts(relations, names)]


def _answers(relations: Relations, taken: set[str]) -> list[Entry]:
    rows = relations.event("survey_answered")
    if rows is None or not {"question", "answer"} <= relations.columns(rows):
        return []
    asked = relations.engine.rows(
        query(
            """SELECT CAST(question AS VARCHAR), count(answer) = count(TRY_CAST(answer AS DOUBLE))
               FROM :rows AS e WHERE question IS NOT NULL GROUP BY ALL
               ORDER BY CAST(question AS VARCHAR) LIMIT :most""",
            rows=rows,
            most=MOST_QUESTIONS + 1,
        )
    )
    entries = [_answer(question, numeric) for question, numeric in asked]
    one_each = {each.name: each for each in entries if each.name not in taken}
    return [] if len(asked) > MOST_QUESTIONS else list(one_each.values())


def _answer(question: str, numeric: bool) -> Entry:
    sql = query(
        """struct_extract(max(struct_pack(at := at, said := TRY_CAST(answer AS :kind)))
           FILTER (WHERE question = :question AND answer IS NOT NULL), 'said')""".replace(
            ":kind", "DOUBLE" if numeric else "VARCHAR"
        ),
        question=question,
    )
    return Entry(
        "survey_" + (re.sub(r"[^a-z0-9]+", "_", question.lower()).strip("_")[:60] or "answer"),
        question[:80],
        "Their latest answer to this question.",
        "psychographic",
        "number" if numeric else "text",
        "answers",
        sql.sql("duckdb"),
        needs=("question", "answer"),
    )


def _accounts(relations: Relations, taken: set[str]) -> list[Entry]:
    """Facts about the company or household, as facts of its people; those of several, the last."""
    if not (relations.line.table_files("accounts") and relations.line.table_files("belongings")):
        return []
    return [
        Entry(
            name := bare(each) if bare(each) not in taken else f"account_{bare(each)}",
            f"Company's {bare(each).replace('_', ' ')}",
            "As stated of their company or household.",
            criterion(name),
            kind(stored),
            "accounts",
            query("max(:it)", it=column(each)).sql("duckdb"),
            needs=(each,),
        )
        for each, stored in relations.engine.columns("accounts").items()
        if each.startswith("t_") and sensitivity(each) == "plain"
    ]
