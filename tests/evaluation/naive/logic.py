"""The naive evaluator: true, false or None for one customer, by the book, one row at a time.

It reads plain rows and shares no code with ours.
"""

import hashlib
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from math import asin, cos, fsum, radians, sin, sqrt
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from . import holding
from .clock import DAY, Clock
from .comparing import Rule, compare, said
from .doings import Row, doing, figure, sequence

ZONES = available_timezones()
RELATIVE = ("top", "bottom", "decile", "zscore")
Verdict = bool | None


class Naive:
    """Judges rules about the people of a world, or about its accounts."""

    def __init__(self, world: Any, unit: str = "people") -> None:
        self.world, self.unit = world, unit
        self.clock = Clock(world.moment, world.zone)
        self._accounts = Naive(world, "accounts") if unit == "people" else self
        self._people = self
        self._accounts._people = self
        self._figures: dict[str, dict[int, Any]] = {}
        self._rows: dict[tuple[int, str], list[Row]] = {}

    # ---- who and what there is ----

    @property
    def everybody(self) -> list[int]:
        if self.unit == "people":
            return list(self.world.customers)
        return sorted({account for _, account in self.pairs()})

    def pairs(self) -> set[tuple[int, int]]:
        """Who belongs to which account, under the keys of today."""
        listed = {(self.today(who), account) for who, account in self.world.belongings}
        return {pair for pair in listed if pair[0] in self.world.customers}

    def today(self, who: int) -> int:
        return int(self.world.aliases.get(who, who))

    def members(self, account: int) -> set[int]:
        return {who for who, other in self.pairs() if other == account}

    def _owners(self, who: int) -> set[int]:
        return {who} if self.unit == "people" else self.members(who)

    def rows(self, who: int, event: str) -> list[Row]:
        if (who, event) not in self._rows:
            owners = self._owners(who)
            self._rows[who, event] = [
                {**row, **self.world.described(row)}
                for row in self.world.events[event]
                if self.today(row["customer"]) in owners
            ]
        return self._rows[who, event]

    def contracts(self, who: int) -> list[Row]:
        owners = self._owners(who)
        return [row for row in self.world.contracts if self.today(row["customer"]) in owners]

    def fact(self, who: int, name: str) -> Any:
        if self.unit == "people":
            row = self.world.profiles.get(who, {})
            if name == "half_spend":
                return None if row.get("spend") is None else row["spend"] / 2
            return row.get(name)
        if name == "people":
            return len(self.members(who))
        if name in self.world.stated:
            return self.world.accounts.get(who, {}).get(name)
        word, _, of = name.partition("_")
        known = [self._people.fact(each, of) for each in self.members(who)]
        known = [each for each in known if each is not None]
        if not known:
            return None
        total = {"total": fsum, "mean": lambda them: fsum(them) / len(them)}
        return {**total, "most": max, "least": min}[word](known)

    # ---- logic ----

    def verdict(self, rule: Rule, who: int) -> Verdict:
        for word in ("all", "intersect", "any", "union", "none", "minus", "some"):
            if word in rule:
                heard = [self.verdict(each, who) for each in rule[word]]
                return self._several(word, heard, rule)
        if "not" in rule:
            return _not(self.verdict(rule["not"], who))
        kind = next(word for word in rule if hasattr(self, f"_of_{word}"))
        return getattr(self, f"_of_{kind}")(rule, who)

    def _several(self, word: str, heard: list[Verdict], rule: Rule) -> Verdict:
        if word in ("any", "union"):
            return _at_least(1, heard)
        if word == "some":
            return _at_least(rule["at_least"], heard)
        if word == "minus":
            heard = [heard[0], *map(_not, heard[1:])]
        return _at_least(len(heard), [*map(_not, heard)] if word == "none" else heard)

    # ---- values ----

    def _of_trait(self, rule: Rule, who: int) -> Verdict:
        return self._judged(rule, who, self.fact(who, rule["trait"]))

    def _of_did(self, rule: Rule, who: int) -> Verdict:
        return self._judged(rule, who, self._figure(rule, who))

    def _figure(self, rule: Rule, who: int) -> Any:
        return figure(rule, lambda event: self.rows(who, event), self._clock(rule, who))

    def _judged(self, rule: Rule, who: int, value: Any) -> Verdict:
        said_of = said(rule, but=("during",) if "did" in rule else ()) or {"at_least": 1}
        if "share" in rule:
            said_of = {word: _share(each) for word, each in said_of.items()}
        if word := next((each for each in RELATIVE if each in rule), None):
            verdict = self._relative(rule, who, word)
        else:
            verdict = compare(value, said_of, self._clock(rule, who))
        return True if verdict is None and rule.get("missing") == "match" else verdict

    def _clock(self, rule: Rule, who: int) -> Clock:
        zone = rule.get("zone", "project")
        if zone == "own":
            known = self.world.profiles.get(who, {}).get("timezone")
            zone = known if known in ZONES else "project"
        return self.clock if zone == "project" else Clock(self.clock.moment, ZoneInfo(zone))

    def _relative(self, rule: Rule, who: int, word: str) -> Verdict:
        key = repr(rule)
        if key not in self._figures:
            value = self._figure if "did" in rule else lambda r, w: self.fact(w, r["trait"])
            self._figures[key] = {each: value(rule, each) for each in self.everybody}
        mine = self._figures[key][who]
        if mine is None:
            return None
        all_ = [each for each in self._figures[key].values() if each is not None]
        above, below = (sum(each > mine for each in all_), sum(each < mine for each in all_))
        if word in ("top", "bottom"):
            ahead = above if word == "top" else below
            return Fraction(ahead, len(all_)) < Fraction(str(_share(rule[word])))
        if word == "decile":
            return compare(min(10, 1 + 10 * below // len(all_)), rule[word], self.clock)
        return compare(_zscore(mine, all_), rule[word], self.clock)

    # ---- what they did and hold ----

    def _of_sequence(self, rule: Rule, who: int) -> Verdict:
        return sequence(rule, lambda event: self.rows(who, event), self._clock(rule, who))

    def _of_regularly(self, rule: Rule, who: int) -> Verdict:
        each = rule["regularly"]
        count, unit = rule["each"].split()
        heard = [
            self.verdict(
                {
                    **doing(each),
                    "within": rule["each"],
                    **({"ago": f"{int(count) * back} {unit}"} if back else {}),
                },
                who,
            )
            for back in range(rule["of"])
        ]
        return _at_least(rule["at_least"], heard)

    def _of_stopped(self, rule: Rule, who: int) -> Verdict:
        did = {"did": rule["stopped"], "where": rule.get("where", {})}
        before = {**did, **rule.get("after", {}), "ago": rule["since"]}
        gone = {**did, "at_most": 0, "within": rule["since"]}
        return self.verdict({"all": [before, gone]}, who)

    def _of_restarted(self, rule: Rule, who: int) -> Verdict:
        """Two in a row, with none between, so far apart, the later of them in the window."""
        clock = self.clock
        inside = clock.window(rule)
        did = {"did": rule["restarted"], "where": rule.get("where", {})}
        times = sorted(
            {
                row["at"]
                for row in self.rows(who, rule["restarted"])
                if figure(did, lambda _: [row], clock)  # noqa: B023
            }
        )
        return any(clock.moved(a, rule["after"], 1) <= b and inside(b) for a, b in pairwise(times))

    def _of_changed(self, rule: Rule, who: int) -> Verdict:
        sides = {"was": rule.get("from"), "now": rule.get("to")}
        given = {name: each for name, each in sides.items() if each is not None}
        window = {each: rule[each] for each in WINDOW if each in rule}
        where = {"trait": rule["changed"], **given}
        return self.verdict({"did": "trait_changed", "where": where, **window}, who)

    def _of_holds(self, rule: Rule, who: int) -> Verdict:
        return self._contracts(rule, who, rule["holds"], ever=False)

    def _of_held(self, rule: Rule, who: int) -> Verdict:
        return self._contracts(rule, who, rule["held"], ever=True)

    def _contracts(self, rule: Rule, who: int, terms: Any, *, ever: bool) -> Verdict:
        clock = self._clock(rule, who)
        where = {} if terms == "any" else terms if isinstance(terms, dict) else {"plan": terms}
        held = [
            row
            for row in self.contracts(who)
            if holding.begun(row, clock)
            and (ever or holding.active(row, clock))
            and all(
                compare(holding.terms(row, clock)[name], how, clock) is True
                for name, how in where.items()
            )
        ]
        return compare(len(held), said(rule) or {"at_least": 1}, clock)

    # ---- where they belong ----

    def _of_people(self, rule: Rule, who: int) -> Verdict:
        if self.unit == "people":
            return who in rule["people"]
        asked = rule["people"]
        heard = [self._people.verdict(asked["where"], each) for each in self.members(who)]
        sure, perhaps = heard.count(True), heard.count(None)
        how = said(asked) or {"at_least": 1}
        held = {compare(sure + more, how, self.clock) for more in range(perhaps + 1)}
        return held.pop() if len(held) == 1 else None

    def _of_account(self, rule: Rule, who: int) -> Verdict:
        mine = {account for each, account in self.pairs() if each == who}
        return _at_least(1, [self._accounts.verdict(rule["account"], each) for each in mine])

    def _of_consent(self, rule: Rule, who: int) -> Verdict:
        return any(
            row["granted"] is True and not row["suppressed"]
            for row in self.world.consents
            if (row["customer"], row["channel"]) == (who, rule["consent"])
            and row["purpose"] == rule.get("purpose", "marketing")
        )

    def _of_segmentation(self, rule: Rule, who: int) -> Verdict:
        place = self.world.standings.get(who)
        listed = rule.get("in", rule.get("is"))
        return None if place is None else place in ([listed] if listed == str(listed) else listed)

    def _of_sample(self, rule: Rule, who: int) -> Verdict:
        digest = hashlib.md5(f"{rule['salt']}:{who}".encode(), usedforsecurity=False).hexdigest()
        start = _share(rule.get("from", 0))
        return start <= int(digest[:8], 16) / 2**32 < start + _share(rule["sample"])

    def _of_near(self, rule: Rule, who: int) -> Verdict:
        lat, lon = self.fact(who, "latitude"), self.fact(who, "longitude")
        if lat is None or lon is None:
            return None
        (lat, lon), (north, east) = map(radians, (lat, lon)), map(radians, rule["near"])
        half = sin((north - lat) / 2) ** 2
        half += cos(lat) * cos(north) * sin((east - lon) / 2) ** 2
        return 2 * 6371 * asin(sqrt(min(1, half))) <= float(rule["within"].removesuffix(" km"))

    def _of_holiday(self, rule: Rule, who: int) -> Verdict:
        import holidays

        country = self.fact(who, "country")
        if country is None or country not in holidays.list_supported_countries():
            return None if country is None else False
        day, last = self.clock.today, self.clock.moved(self.clock.moment, rule["within"], 1)
        calendar = holidays.country_holidays(country)
        while day <= self.clock.day(last):
            name = calendar.get(day)
            if name and (rule["holiday"] == "any" or rule["holiday"].lower() in name.lower()):
                return True
            day += DAY
        return False

    # ---- the past ----

    def _of_segment(self, rule: Rule, who: int) -> Verdict:
        name = rule["segment"]
        now = self.now(name, who)
        if "for" not in rule:
            return now
        if not now:
            return False
        start = self.clock.back(rule["for"])
        told = [(at, who in them) for at, _, them in self.told(name)]
        since = [inside for at, inside in told if at > start]
        before = [inside for at, inside in told if at <= start]
        if not all(since):
            return False
        return before[-1] if before else None

    def now(self, name: str, who: int) -> bool:
        segmentation, _, place = name.partition(".")
        if place:
            return self.world.standings.get(who) == place
        return self.verdict(self.world.segments[segmentation], who) is True

    def told(self, name: str) -> list[tuple[datetime, int, set[int]]]:
        """What builds up to the moment say who was in."""
        return [
            (at, number, sets[name])
            for at, number, sets in self.world.history
            if name in sets and at <= self.clock.moment
        ]

    def moves(self, name: str, who: int, rule: Rule, *, came: bool) -> set[Any]:
        """The builds in the window that say somebody came or left; `now` for this very moment."""
        inside = self.clock.window(rule)
        steps: list[tuple[Any, datetime, bool]] = [
            ((at, number), at, who in them) for at, number, them in self.told(name)
        ]
        if steps:
            steps.append(("now", self.clock.moment, self.now(name, who)))
        return {
            step
            for (_, _, before), (step, at, after) in pairwise(steps)
            if before is not after and after is came and inside(at)
        }

    def _of_entered(self, rule: Rule, who: int) -> Verdict:
        return bool(self.moves(rule["entered"], who, rule, came=True))

    def _of_left(self, rule: Rule, who: int) -> Verdict:
        return bool(self.moves(rule["left"], who, rule, came=False))

    def _of_moved(self, rule: Rule, who: int) -> Verdict:
        def steps(word: str) -> set[Any]:
            places = rule[word] if isinstance(rule[word], list) else [rule[word]]
            names = [f"{rule['moved']}.{place}" for place in places]
            found = [self.moves(each, who, rule, came=word == "to") for each in names]
            return set().union(*found)

        return bool(steps("from") & steps("to"))


WINDOW = ("within", "ago", "since", "until", "during")


def _not(verdict: Verdict) -> Verdict:
    return None if verdict is None else not verdict


def _at_least(count: int, heard: list[Verdict]) -> Verdict:
    if heard.count(True) >= count:
        return True
    return None if heard.count(True) + heard.count(None) >= count else False


def _share(said_: Any) -> Any:
    if isinstance(said_, list):
        return [_share(each) for each in said_]
    if isinstance(said_, str):
        return float(said_.removesuffix("%")) / 100
    return said_


def _zscore(value: float, all_: list[float]) -> float:
    mean = fsum(all_) / len(all_)
    spread = sqrt(fsum((each - mean) ** 2 for each in all_) / max(1, len(all_) - 1))
    return (value - mean) / spread if spread else 0.0
