"""Who is kept aside from all campaigns: by a hash of the key, the same people in every build."""

from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from carpel.engine.base import Engine
from carpel.engine.query import literal, query
from carpel.evaluation.contacts import ADDRESS, OURS, with_address
from carpel.evaluation.memberships import selected
from carpel.specs.holdout import Holdout
from carpel.stats.assignment import held_out

SALT = "\0all campaigns\0"
"""Before the salt: no campaign's name, so that it has nothing to do with who is kept from one."""


def kept_aside(engine: Engine, holdout: Holdout | None) -> BitMap:
    """By today's keys, everybody of whom any key, also a former one, is kept aside."""
    if holdout is None:
        return BitMap()
    rows = engine.fetch(query(_KEYS))
    keys, today = (np.asarray(rows.column(each), np.uint32) for each in ("key", "today"))
    return BitMap(today[_drawn(keys, holdout)])


def drawn_aside(people: BitMap, holdout: Holdout) -> BitMap:
    """Of these people those whose own key is kept aside: by lot alone, whoever was joined to whom.

    What they are read by: who is joined may follow from what they bought, and so from a campaign.
    """
    keys = np.asarray(people.to_array(), np.uint32)
    return BitMap(keys[_drawn(keys, holdout)])


def _drawn(keys: NDArray[np.uint32], holdout: Holdout) -> NDArray[np.bool_]:
    return held_out(keys, f"{SALT}{holdout.salt}", holdout.share)


def could_be_contacted(engine: Engine, holdout: Holdout, since: datetime) -> BitMap:
    """Who could have had a message of these purposes when a time began (UTC without a zone).

    Nothing that a campaign may have brought about decides: whoever withdrew permission since
    counts, and since when somebody is known, which may be their first order, is not asked.
    """
    asked = {"since": since, "ours": OURS, "purposes": [literal(p) for p in holdout.purposes]}
    found = BitMap()
    for channel in ADDRESS:
        found |= selected(engine, query(_PERMITTED, it=channel, **asked)) & with_address(
            engine, channel
        )
    return found


_KEYS = """SELECT customer AS key, customer AS today FROM customers
    UNION ALL SELECT a.customer, a.survivor FROM aliases AS a
    JOIN customers AS c ON c.customer = a.survivor"""
_PERMITTED = """SELECT customer FROM consents
    WHERE channel = :it AND purpose IN (:purposes)
    AND CASE WHEN granted THEN coalesce(at <= :since, TRUE)
        ELSE coalesce(at > :since, FALSE) OR source = :ours END"""
