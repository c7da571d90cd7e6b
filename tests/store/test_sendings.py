"""Claims: each message belongs to one process, once; what died is uncertain and stays so."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from pyroaring import BitMap
from sqlalchemy import select, update

from carpel.store import schema
from carpel.store.addresses import address_hash
from carpel.store.campaigns import Approved, approvals, approve, set_state
from carpel.store.deliveries import (
    MOST_ATTEMPTS,
    PAUSE,
    Claim,
    Receipt,
    Route,
    counts,
    decide_uncertain,
    delivery,
)
from carpel.store.ledger_copy import copied, merged
from carpel.store.sendings import Sending, recover, sending
from carpel.store.store import Store
from carpel.store.suppressions import suppress, suppressed

from .conftest import START

ROUTE = Route("spring", "news", "email")
ADA, BOB = Claim("hash of ada", 1, "a"), Claim("hash of bob", 2, "b")


class Still:
    def __init__(self) -> None:
        self.now = START

    def __call__(self):
        return self.now


def at_work(store: Store, clock: Callable = Still()):  # noqa: B008 - it never moves by itself
    return sending(store.ledger, clock, ROUTE, "ada")


def states(store: Store) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in counts(store.ledger, "spring"):
        found[row["state"]] = found.get(row["state"], 0) + row["people"]
    return found


def test_a_message_is_claimed_once_whoever_asks(store: Store):
    with at_work(store) as one, at_work(store) as two:
        assert one.claim([ADA, ADA]) == [ADA]
        assert two.claim([ADA, BOB]) == [BOB]
        one.settle([Receipt(ADA.address, "sent")])
        two.settle([Receipt(ADA.address, "failed"), Receipt(BOB.address, "sent")])
        assert one.claim([ADA, BOB]) == two.claim([ADA, BOB]) == []
    assert states(store) == {"sent": 2}


def test_many_threads_claim_everybody_once(store: Store):
    everybody = [Claim(f"hash {n}", n, "a") for n in range(200)]
    with at_work(store) as one, at_work(store) as two, ThreadPoolExecutor(4) as pool:
        wanted = [everybody[at : at + 40] for at in range(0, 200, 20)] * 2
        work = [pool.submit([one, two][n % 2].claim, each) for n, each in enumerate(wanted)]
        got = [claim.customer for each in work for claim in each.result()]
    assert sorted(got) == list(range(200))


def test_a_failure_that_may_pass_is_tried_again_after_a_while_and_not_for_ever(store: Store):
    clock = Still()
    for attempt in range(MOST_ATTEMPTS):
        with at_work(store, clock) as one:
            assert one.claim([ADA]) == [ADA], attempt
            one.settle([Receipt(ADA.address, "failed", "451", passing=True)])
            assert one.claim([ADA]) == []
        clock.now += PAUSE
    with at_work(store, clock) as one:
        assert one.claim([ADA]) == []
    assert states(store) == {"failed": 1}


def test_what_was_surely_not_handed_over_is_as_if_never_claimed(store: Store):
    clock = Still()
    with at_work(store, clock) as one:
        one.claim([ADA, BOB])
        one.settle([Receipt(BOB.address, "failed", "451", passing=True)])
        one.release([ADA.address, BOB.address])
    assert states(store) == {"failed": 1}
    clock.now += PAUSE
    with at_work(store, clock) as one:
        assert one.claim([ADA, BOB]) == [ADA, BOB]
        one.release([ADA.address, BOB.address])
    assert states(store) == {"failed": 1}
    with at_work(store, clock) as one:
        assert one.claim([ADA, BOB]) == [ADA, BOB]


def test_who_stops_in_between_leaves_it_uncertain(store: Store):
    with pytest.raises(KeyError), at_work(store) as one:
        one.claim([ADA])
        raise KeyError
    assert states(store) == {"uncertain": 1}
    with at_work(store) as two:
        assert two.claim([ADA]) == []


@pytest.mark.parametrize(("sent", "after"), [("sent", {"sent": 1}), ("failed", {})])
def test_a_person_settles_what_is_uncertain(store: Store, sent, after):
    with at_work(store) as one:
        one.claim([ADA])
    assert decide_uncertain(store.ledger, "spring", sent, START) == 1
    assert states(store) == after
    assert decide_uncertain(store.ledger, "spring", sent, START) == 0
    with at_work(store) as one:
        assert one.claim([ADA]) == ([] if after else [ADA])


DIES = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from carpel.store.deliveries import Claim, Receipt, Route
from carpel.store.sendings import sending
from carpel.store.store import open_store
clock = lambda: datetime(2026, 3, 1, 12, tzinfo=UTC)
store = open_store(Path(sys.argv[1]), clock)
with sending(store.ledger, clock, Route("spring", "news", "email"), "ada") as work:
    work.claim([Claim("hash of ada", 1, "a")])
    work.settle([Receipt("hash of ada", "sent")])
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("point", "after"),
    [
        ("send.claimed", {"uncertain": 1}),
        ("send.handed_over", {"uncertain": 1}),
        ("send.settled", {"sent": 1}),
    ],
)
def test_a_killed_process_leaves_its_claims_uncertain(store: Store, point, after):
    killed = subprocess.run(
        [sys.executable, "-c", DIES, str(store.folder.parent)],
        env={"CARPEL_CRASH_AT": point, "PYTHONPATH": ":".join(sys.path)},
        check=False,
    )
    assert killed.returncode == -9
    with at_work(store) as alive:
        alive.claim([BOB])
        recover(store.ledger, Still())
        assert states(store) == {**after, "claimed": 1}
        alive.settle([Receipt(BOB.address, "sent")])
    with at_work(store) as two:
        assert two.claim([ADA, BOB]) == []


def test_one_elsewhere_that_fell_silent_counts_as_gone_until_it_speaks(store: Store):
    clock = Still()
    with at_work(store, clock) as far:
        far.claim([ADA])
        with store.ledger.write() as connection:
            connection.execute(update(schema.sendings).values(host="elsewhere"))
        recover(store.ledger, clock)
        assert states(store) == {"claimed": 1}
        clock.now += timedelta(seconds=61)
        recover(store.ledger, clock)
        assert states(store) == {"uncertain": 1}
        far.settle([Receipt(ADA.address, "sent")])
    assert states(store) == {"sent": 1}


def approved(name: str = "spring", **arms: BitMap) -> Approved:
    return Approved(
        name,
        "approved",
        "f",
        "d",
        "email",
        1,
        9,
        "b1",
        START,
        "ada",
        {"no_address": BitMap()},
        arms,
    )


def test_an_approval_comes_back_as_it_was(store: Store):
    one = approved(a=BitMap([1, 2, 70_000]), comparison=BitMap(range(5, 900)))
    approve(store.ledger, one)
    assert approvals(store.ledger, "spring") == {"spring": one}
    again = approved(b=BitMap([4]))
    approve(store.ledger, again)
    set_state(store.ledger, "spring", "paused")
    (held,) = approvals(store.ledger).values()
    assert held.state == "paused" and held.arms == {"b": BitMap([4])}


def test_backups_carry_campaigns_and_forget_nothing_that_happened_since(store: Store):
    approve(store.ledger, approved(a=BitMap([1, 2])))
    with at_work(store) as one:
        one.claim([ADA])
        rows = copied(store.ledger)
        one.settle([Receipt(ADA.address, "sent")])
    suppress(store.ledger, ["h"], medium="email", reason="asked", at=START)
    later = copied(store.ledger)
    with store.ledger.write() as connection:
        for name in ("campaigns", "audiences", "deliveries", "suppressions"):
            connection.execute(schema.LEDGER.tables[name].delete())
        merged(connection, later)
        merged(connection, rows)
    assert states(store) == {"sent": 1}
    assert approvals(store.ledger)["spring"].arms == {"a": BitMap([1, 2])}
    assert suppressed(store.ledger, "email").addresses == {"h"}
    with store.ledger.write() as connection:
        merged(connection, {each: rows[each] for each in ("marks", "audit")})


def test_a_claim_that_comes_back_from_a_backup_is_uncertain(store: Store):
    with at_work(store) as one:
        one.claim([ADA])
        rows = copied(store.ledger)
    with store.ledger.write() as connection:
        connection.execute(schema.deliveries.delete())
        merged(connection, rows)
    assert states(store) == {"claimed": 1}
    recover(store.ledger, Still())
    assert states(store) == {"uncertain": 1}


def test_the_list_is_only_added_to_and_each_address_once(store: Store):
    add = {"reason": "asked", "at": START}
    assert suppress(store.ledger, ["x", "y"], medium="email", customer=3, **add) == 2
    assert suppress(store.ledger, ["y", "z"], medium="email", **add) == 1
    assert suppress(store.ledger, ["all"], medium="*", **add) == 1
    assert suppressed(store.ledger, "email").addresses == {"x", "y", "z", "all"}
    assert suppressed(store.ledger, "sms").addresses == {"all"}
    assert suppressed(store.ledger, "email").customers == {3}


def test_spelling_adds_nothing_to_an_address_and_the_key_does():
    assert address_hash(b"k", " Ada@Mail.Example") == address_hash(b"k", "ada@mail.example")
    assert address_hash(b"k", "ada@mail.example") != address_hash(b"l", "ada@mail.example")


def test_an_erased_person_leaves_counts_and_a_hash_that_must_not_be_contacted(store: Store):
    from carpel.store import campaigns, deliveries, suppressions

    approve(store.ledger, approved(a=BitMap([1, 2]), comparison=BitMap([3])))
    with at_work(store) as one:
        one.claim([ADA, BOB, Claim("hash of an address of hers", 77, "a")])
        one.settle([Receipt(ADA.address, "sent"), Receipt(BOB.address, "sent")])
    suppress(store.ledger, [ADA.address], medium="email", reason="x", at=START, customer=1)
    with store.ledger.write() as connection:
        campaigns.forget(connection, {1})
        deliveries.forget(connection, {1}, ["hash of an address of hers"])
        suppressions.forget(connection, {1})
    assert approvals(store.ledger)["spring"].arms["a"] == BitMap([2])
    assert states(store) == {"sent": 2, "uncertain": 1}
    assert delivery(store.ledger, "spring", [1, 77]) == []
    with store.ledger.read() as connection:
        left = connection.execute(select(schema.deliveries.c.address)).scalars().all()
    assert ADA.address not in left and BOB.address in left
    assert suppressed(store.ledger, "email").addresses == {ADA.address}
    assert suppressed(store.ledger, "email").customers == frozenset()


def test_receipts_of_nothing_change_nothing(store: Store):
    with at_work(store) as one:
        assert isinstance(one, Sending)
        one.settle([])
        one.release([])
        one.settle([Receipt("never claimed", "sent")])
    assert states(store) == {}


def test_a_day_of_a_channel_holds_so_many_whoever_sends(store: Store):
    """Eight at once, of four campaigns: together never more than the day's most."""
    clock, wanted = Still(), [Claim(f"hash {n}", n, "a") for n in range(60)]

    def work(n: int) -> list[Claim]:
        route = Route(f"campaign {n % 4}", "news", "email")
        with sending(store.ledger, clock, route, "ada", most=50) as one:
            mine = [each for at in range(0, 60, 7) for each in one.claim(wanted[at : at + 7])]
            one.settle([Receipt(each.address, "sent") for each in mine])
            assert one.full
            return mine

    with ThreadPoolExecutor(8) as threads:
        claimed = [len(mine) for mine in threads.map(work, range(8))]
    assert sum(claimed) == 50
    with sending(store.ledger, clock, Route("x", "letters", "email"), "ada", most=50) as other:
        assert len(other.claim(wanted)) == 50  # another channel's day is its own
    clock.now += timedelta(days=1)
    with sending(store.ledger, clock, Route("y", "news", "email"), "ada", most=50) as one:
        assert len(one.claim(wanted[:20])) == 20 and not one.full
        one.settle([Receipt(each.address, "failed", passing=True) for each in wanted[:5]])
        assert len(one.claim(wanted[20:])) == 35 and one.full  # what failed left room


def test_a_ledger_of_before_counts_days_by_an_index_too(store: Store):
    from sqlalchemy import inspect

    def names() -> set[str | None]:
        with store.ledger.read() as connection:
            return {each["name"] for each in inspect(connection).get_indexes("deliveries")}

    with store.ledger.write() as connection:
        connection.exec_driver_sql("DROP INDEX days_of_channels")
    assert names() == set()
    with store.ledger.write() as connection:
        schema.UPGRADES[11](connection)
    assert names() == {"days_of_channels"}
