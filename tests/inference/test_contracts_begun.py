"""Contracts whose start is empty: a trial that was never activated began with the trial."""

from pathlib import Path

from carpel.inference import write
from carpel.manifest.load import load
from carpel.stages.sources import Sources
from carpel.testing.line import line_with, read, take

from .proposing import lines, proposed

HEAD = (
    "subscriptions.id,customers.email,subscriptions.plan_id,subscriptions.plan_unit_price,"
    "subscriptions.currency_code,subscriptions.status,subscriptions.created_at,"
    "subscriptions.activated_at,subscriptions.trial_start,subscriptions.mrr"
)


def one(number: int) -> str:
    trial, plain = number % 3 == 0, number % 3 == 1
    state, active = ("in_trial", "") if trial else ("active", "2026-03-02")
    began = "" if plain else "2026-02-01"
    if number % 12 == 0:
        began = ""
    return (
        f"s{number:04},p{number}@x.com,{('pro', 'basic')[number % 2]},{(49, 19)[number % 2]},USD,"
        f"{state},2026-01-{1 + number % 28:02},{active},{began},{(49, 19)[number % 2]}"
    )


def test_every_contract_starts_by_the_first_day_that_is_told(tmp_path: Path) -> None:
    proposal = proposed(tmp_path, subscriptions=lines(HEAD, one))
    assert any("subscriptions.activated_at is empty" in each for each in proposal.sources[0].notes)
    write(proposal, tmp_path / "project")
    definitions = load(tmp_path / "project").sound()
    line = take(line_with(tmp_path / "project", definitions=definitions), [Sources()])
    held = read(line, "staged_contracts")
    starts = [str(each["started_at"])[:7] for each in held]
    assert (starts.count("2026-03"), starts.count("2026-02"), starts.count("2026-01")) == (
        40,
        15,
        5,
    )


def test_a_table_before_the_name_of_a_column_changes_nothing(tmp_path: Path) -> None:
    (source,) = proposed(tmp_path, subscriptions=lines(HEAD, one)).sources
    (held,) = source.spec.hold
    assert held.plan.column == "subscriptions.plan_id"
    assert held.currency is not None and held.currency.column == "subscriptions.currency_code"
    assert held.amount is not None and held.amount.column == "subscriptions.mrr"
