"""Files of exchange rates: what one unit of each currency is worth in the project's own."""

from carpel.engine.query import column, query, table
from carpel.inference.draft import Draft


def rates(draft: Draft) -> None:
    """Currencies looked up by their code, each with its rate."""
    currency, rate = draft.column("currency"), draft.column("exchange_rate")
    assert currency is not None and rate is not None
    draft.use(currency, "key currency")
    draft.use(rate, "property rate")
    draft.data.update(describes={"currency": currency}, properties={"rate": draft.value(rate)})
    base = own(draft)
    unit = f"in {base}, which has rate 1" if base else "in the project's currency"
    draft.notes.append(
        f"{rate} is taken as what one unit of each currency is worth {unit}; if it is how many of "
        "it one unit buys, write the reverse into the file."
    )
    if draft.look(currency).distinct < draft.look(currency).filled:
        draft.notes.append(
            "Some currencies have several rates, and one of them counts: leave one row each."
        )


def own(draft: Draft) -> str:
    """The currency that all are told in: the only one with rate 1; empty without one."""
    currency, rate = draft.column("currency"), draft.column("exchange_rate")
    if currency is None or rate is None:
        return ""
    pairs = query(
        "SELECT CAST(:c AS VARCHAR), CAST(:r AS VARCHAR) FROM :t WHERE :c IS NOT NULL",
        c=column(currency),
        r=column(rate),
        t=table(draft.sample.table),
    )
    ones = {code.upper() for code, said in draft.engine.rows(pairs) if _is_one(said)}
    return ones.pop() if len(ones) == 1 else ""


def _is_one(said: str | None) -> bool:
    try:
        return float((said or "").replace(",", ".")) == 1
    except ValueError:
        return False
