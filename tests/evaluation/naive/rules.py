"""Random rules: every word of the language, each about as often as the others of its kind."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

Rule = dict[str, Any]
DAY0 = date(2026, 3, 29)
CITIES = ["Bonn", "bonn", "Rome", "São Paulo", "Sao Paulo", "", "strasse", "izmir", "remy", "東京"]
LIKES = ["golf", "tea", "yoga", "chess", ""]
PLACES = ["gold", "silver", "tin"]
PERIODS = ["7 days", "30 days", "1 month", "36 hours", "2 weeks", "1 year", "2 months", "1 day"]
CALENDARS = [
    *("today", "yesterday", "this week", "last week", "this month", "last month"),
    *("last 2 months", "this quarter", "last quarter", "this year", "last year", "last 3 days"),
]
GAPS = ["6 hours", "1 day", "7 days", "2 weeks", "1 hour"]
ZONES = ["own", "project", "Asia/Kathmandu", "America/New_York"]
KINDS = {
    **{"age": "integer", "spend": "number", "city": "text", "vip": "boolean", "born": "date"},
    **{"last_at": "instant", "likes": "list", "half_spend": "number"},
}
PROPERTIES = {
    **{"category": "product", "channel": "channel", "quantity": "few", "due": "date"},
    **{"gift": "boolean", "tags": "list", "local_hour": "hour"},
}
ORDER = ["at_least", "at_most", "more_than", "less_than", "is", "is_not"]


def random_rule(
    random: Random, depth: int = 3, *, plain: bool = False, segments: bool = True
) -> Rule:
    """A rule of up to so many levels; a plain one says only what `changes` can change."""
    if depth and random.random() < 0.6:
        return _logic(random, depth, plain, segments)
    if plain:
        return _plain(random, segments)
    return random.choice(LEAVES)(random)


def _logic(random: Random, depth: int, plain: bool, segments: bool) -> Rule:
    def rules(least: int = 1) -> list[Rule]:
        count = random.randint(least, 3)
        return [
            random_rule(random, depth - 1, plain=plain, segments=segments) for _ in range(count)
        ]

    words = ["all", "any", "none", "not"] + ([] if plain else ["some", "union", "intersect"])
    word = random.choice(words if plain else [*words, "minus"])
    if word == "not":
        return {"not": rules()[0]}
    if word == "some":
        listed = rules(2)
        return {"some": listed, "at_least": random.randint(1, len(listed))}
    return {word: rules(2 if word == "minus" else 1)}


def _plain(random: Random, segments: bool) -> Rule:
    leaf = random.random()
    if leaf < 0.4:
        return _trait(random, plain=True)
    if leaf < 0.8:
        return _did(random, plain=True)
    return random.choice(
        [_segmentation(random), _consent(random), _people(random)]
        + ([{"segment": random.choice(["base", "above"])}] if segments else [])
    )


# ---- leaves ----


def _trait(random: Random, *, plain: bool = False) -> Rule:
    name = random.choice(list(KINDS))
    rule = {"trait": name, **_comparison(random, KINDS[name], plain=plain)}
    if random.random() < 0.2:
        rule["missing"] = random.choice(["match", "unknown"])
    if not plain and KINDS[name] in ("date", "instant") and random.random() < 0.3:
        rule["zone"] = random.choice(ZONES)
    return rule


def _relative(random: Random) -> Rule:
    about = random.choice(
        [
            {"trait": random.choice(["age", "spend", "half_spend"])},
            {"did": "bought", **_window(random)},
            {"did": "bought", random.choice(["sum", "avg", "max"]): "amount"},
        ]
    )
    return {**about, **_compared_with_others(random)}


def _compared_with_others(random: Random) -> Rule:
    return random.choice(
        [
            {random.choice(["top", "bottom"]): random.choice(["10%", "25%", 0.3, "100%"])},
            {"decile": random.choice([1, 10, {"at_least": 7}, [2, 9], {"is_not": 5}])},
            {"zscore": random.choice([{"at_least": 1.25}, {"less_than": -0.3}, {"more_than": 0}])},
        ]
    )


def _comparison(random: Random, kind: str, *, plain: bool = False) -> Rule:
    if random.random() < 0.1:
        return {random.choice(["is_set", "is_missing"]): True}
    return random.choice(_comparisons(random, kind, plain))


def _comparisons(random: Random, kind: str, plain: bool) -> list[Rule]:
    if kind in ("integer", "number"):
        value = random.randint(18, 24) if kind == "integer" else random.randint(0, 40) / 4
        return [
            {random.choice(ORDER): value},
            {"between": [value, value + 2]},
            {"in": [value, value + 1]},
            {"not_in": [value]},
        ]
    if kind == "text":
        return _texts(random, plain)
    if kind == "boolean":
        return [{random.choice(["is", "is_not"]): random.random() < 0.5}]
    if kind == "list":
        some = random.sample(LIKES, random.randint(1, 2))
        more = [{"length": {random.choice(ORDER): random.randint(0, 3)}}, {"is_empty": True}]
        return [{random.choice(["any_of", "all_of", "none_of"]): some}, *([] if plain else more)]
    return _temporal(random, plain)


def _texts(random: Random, plain: bool) -> list[Rule]:
    value = random.choice([each for each in CITIES if len(each) > 1])
    fold = {"fold": random.random() < 0.5}
    return [
        {random.choice(["is", "is_not"]): random.choice(CITIES), **fold},
        {"in": random.sample(CITIES, 2), **fold},
        {"not_in": [value], **fold},
        {"starts_with": value[:2], **fold},
        {"ends_with": value[-1], **fold},
        {"contains": value[1:3], **fold},
        {"matches": random.choice(["^[A-R]o", "[ãé]"])},
        *([] if plain else [{"is_empty": True}, {"length": {random.choice(ORDER): 4}}]),
    ]


def _temporal(random: Random, plain: bool) -> list[Rule]:
    day = random.choice([DAY0, date(2024, 2, 27), date(2026, 10, 23)])
    day += timedelta(days=random.randint(-3, 6))
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=random.choice([UTC, None]))
    edge = random.choice([day, day, noon])
    more = [
        {"weekday": random.choice([["saturday", "sunday"], "monday", ["friday"]])},
        {"anniversary_in": random.choice(["7 days", "1 day", "1 month", "2 years"])},
    ]
    return [
        {random.choice(["before", "after", "on", "at_least", "at_most", "is_not"]): edge},
        {"between": [day, day + timedelta(days=3)]},
        {random.choice(["in_last", "not_in_last", "in_next", "older_than"]): _of(random, PERIODS)},
        {"during": _of(random, CALENDARS)},
        *([] if plain else more),
    ]


def _of(random: Random, listed: list[str]) -> str:
    return random.choice(listed)


def _where(random: Random, plain: bool) -> Rule:
    where: Rule = {}
    names = list(PROPERTIES)[: 3 if plain else None]
    for name in names:
        if random.random() < 0.3 if plain else random.random() < 0.12:
            where[name] = _filter(random, PROPERTIES[name])
    return {"where": where} if where else {}


def _filter(random: Random, kind: str) -> Any:
    if kind == "product":
        return random.choice(["coffee", "tea", {"is_not": "coffee"}, ["tea", "cups"], None])
    if kind == "channel":
        return random.choice(["web", {"is": "WEB", "fold": True}, {"is_empty": True}])
    if kind == "few":
        return {random.choice(["at_least", "less_than"]): 1}
    if kind == "hour":
        return {"between": [8, 18]}
    return _comparison(random, kind)


def _window(random: Random, *, plain: bool = False) -> Rule:
    simple = [
        {},
        {"within": "7 days"},
        {"within": "30 days"},
        {"within": "1 month"},
        {"since": DAY0},
        {"until": DAY0 - timedelta(days=1)},
        {"since": date(2026, 3, 1), "until": DAY0},
    ]
    if plain:
        return random.choice(simple)
    return random.choice(
        [
            *simple,
            {"within": _of(random, PERIODS), "ago": _of(random, PERIODS)},
            {"within": _of(random, PERIODS)},
            {"ago": _of(random, PERIODS)},
            {"during": _of(random, CALENDARS)},
            {"during": _of(random, CALENDARS)},
            {"since": datetime(2026, 3, 28, 23, 0, tzinfo=UTC)},
            {"until": datetime(2026, 10, 24, 12, 0)},  # noqa: DTZ001
        ]
    )


def _event(random: Random) -> str:
    return random.choice(["bought", "visited"])


def _doing(random: Random) -> Any:
    where = _where(random, plain=False)
    return {"did": _event(random), **where} if where else _event(random)


def _did(random: Random, *, plain: bool = False) -> Rule:
    rule: Rule = {"did": _event(random), **_where(random, plain), **_window(random, plain=plain)}
    rule |= _figure(random, plain)
    if not plain and random.random() < 0.15:
        rule["missing"] = random.choice(["match", "unknown"])
    if not plain and random.random() < 0.2:
        rule["zone"] = random.choice(ZONES)
    return rule


def _since(random: Random) -> Rule:
    rule: Rule = {"did": _event(random), **_where(random, plain=False)}
    rule[random.choice(["since_last", "since_first"])] = _doing(random)
    if random.random() < 0.3:
        rule["within"] = _of(random, PERIODS)
    return rule | _figure(random, plain=False)


def _figure(random: Random, plain: bool) -> Rule:
    listed = ["count", "count", "sum", "avg", "min", "max", "distinct", "first", "last"]
    aggregate = random.choice(listed if plain else [*listed, "share"])
    order = random.choice(ORDER[:5])
    if aggregate == "count":
        return random.choice([{}, {order: random.randint(0, 3)}])
    if aggregate == "share":
        name = random.choice(["amount", "quantity", "count"])
        return {"share": name, order: random.choice(["60%", 0.5, "100%", 0])}
    if aggregate == "distinct":
        return {aggregate: random.choice(["category", "product_id"]), order: random.randint(0, 2)}
    if aggregate in ("first", "last") and random.random() < 0.5:
        return {
            aggregate: random.choice(["category", "channel"]),
            "in": random.sample(["coffee", "tea", "web", "shop"], 2),
        }
    if aggregate in ("first", "last", "min", "max") and not plain and random.random() < 0.3:
        return {aggregate: "due", **random.choice(_temporal(random, plain=False)[:3])}
    name = random.choice(["amount", "quantity"])
    return {
        aggregate: name,
        order: random.randint(0, 30) / 10 if name == "amount" else random.randint(0, 3),
    }


def _sequence(random: Random) -> Rule:
    steps: list[Rule] = [{"did": _event(random), **_where(random, plain=False)}]
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        step: Rule = {"then": _event(random), **_where(random, plain=False)}
        if random.random() < 0.4:
            step["within"] = _of(random, GAPS)
        if random.random() < 0.3:
            step["after"] = _of(random, GAPS)
        if random.random() < 0.3:
            step["without"] = random.choice([_doing(random), [_doing(random), _doing(random)]])
        steps.append(step)
    if random.random() < 0.4:
        absent = {"then_not": _event(random), "within": _of(random, GAPS)}
        steps.insert(random.randint(1, len(steps)), absent | _where(random, plain=False))
    rule: Rule = {"sequence": steps, **_window(random)}
    if random.random() < 0.3:
        rule["ends_within"] = _of(random, PERIODS)
    if random.random() < 0.1:
        rule["zone"] = random.choice(ZONES)
    return rule


def _regularly(random: Random) -> Rule:
    of = random.randint(2, 4)
    said = {"did": _event(random), **_where(random, plain=False), **_figure(random, plain=False)}
    each = random.choice(["7 days", "1 month", "2 weeks", "1 day"])
    inner = random.choice([_event(random), said])
    return {"regularly": inner, "at_least": random.randint(1, of), "of": of, "each": each}


def _stopped(random: Random) -> Rule:
    rule: Rule = {"stopped": _event(random), "since": _of(random, PERIODS)}
    after: Rule = {}
    if random.random() < 0.6:
        after["within"] = _of(random, PERIODS)
    if random.random() < 0.6:
        after["at_least"] = random.randint(1, 3)
    return rule | _where(random, plain=False) | ({"after": after} if after else {})


def _restarted(random: Random) -> Rule:
    rule = {"restarted": _event(random), "after": random.choice(["7 days", "2 weeks", "12 hours"])}
    return rule | _where(random, plain=False) | _window(random)


def _changed(random: Random) -> Rule:
    rule: Rule = {"changed": random.choice(["city", "plan"])}
    if random.random() < 0.5:
        rule["from"] = random.choice(["basic", {"is_not": "pro"}, ["basic", "Bonn"]])
    if random.random() < 0.5:
        rule["to"] = random.choice(["pro", {"starts_with": "R"}])
    return rule | _window(random)


def _holds(random: Random) -> Rule:
    rule: Rule = {random.choice(["holds", "held"]): _terms(random)}
    if random.random() < 0.4:
        rule[random.choice(ORDER)] = random.randint(0, 2)
    if random.random() < 0.2:
        rule["zone"] = random.choice(ZONES)
    return rule


def _terms(random: Random) -> Any:
    if random.random() < 0.3:
        return random.choice(["any", "pro", ["basic", "pro"]])
    instants = ["started", "ended", "cancelled", "trial_ends", "renews", "renewed"]
    return random.choice(
        [
            {random.choice(instants): _comparison(random, "instant")},
            {random.choice(instants): _comparison(random, "instant")},
            {random.choice(["price", "amount"]): {random.choice(ORDER): 9.5}},
            {"monthly_price": {random.choice(ORDER[:4]): 10}},
            {random.choice(["on_trial", "paused", "past_due"]): random.random() < 0.7},
            {"status": random.choice(["expired", "active"])},
            {"interval": {"is": "MONTH", "fold": True}, "currency": {"is_set": True}},
            {"seats": {"at_least": 4}, "plan": {"is_not": "basic"}},
        ]
    )


def _account(random: Random) -> Rule:
    return {"account": _of_account(random, 1)}


def _of_account(random: Random, depth: int) -> Rule:
    if depth and random.random() < 0.4:
        listed = [_of_account(random, depth - 1) for _ in range(2)]
        return random.choice([{"all": listed}, {"any": listed}, {"not": listed[0]}])
    return random.choice(
        [
            {"trait": "people", random.choice(ORDER): random.randint(1, 4)},
            {"trait": "branch", **_comparison(random, "text")},
            {
                "trait": f"{random.choice(['total', 'mean', 'most', 'least'])}_spend",
                random.choice(ORDER[:4]): random.randint(0, 60) / 4,
            },
            {"trait": "total_age", **_compared_with_others(random)},
            _did(random) | {"zone": "project"},
            _holds(random) | {"zone": "project"},
            _sequence(random) | {"zone": "project"},
            _stopped(random),
            {
                "people": {
                    "where": random_rule(random, 1, plain=True),
                    **random.choice([{}, {random.choice(ORDER): random.randint(0, 2)}]),
                }
            },
        ]
    )


def _segment(random: Random) -> Rule:
    rule: Rule = {"segment": random.choice(["base", "above"])}
    return rule | ({"for": _of(random, PERIODS)} if random.random() < 0.7 else {})


def _past(random: Random) -> Rule:
    name = random.choice(["base", "above", *(f"tier.{place}" for place in PLACES)])
    return {random.choice(["entered", "left"]): name, **_window(random)}


def _moved(random: Random) -> Rule:
    sides = {word: random.sample(PLACES, random.randint(1, 2)) for word in ("from", "to")}
    return {"moved": "tier", **sides, **_window(random)}


def _segmentation(random: Random) -> Rule:
    return {"segmentation": "tier", "in": random.sample(PLACES, random.randint(1, 2))}


def _consent(random: Random) -> Rule:
    purpose = {"purpose": "service"} if random.random() < 0.2 else {}
    return {"consent": random.choice(["email", "sms"]), **purpose}


def _people(random: Random) -> Rule:
    return {"people": random.sample(range(100), 30)}


def _sample(random: Random) -> Rule:
    start = {"from": random.choice(["20%", 0.3])} if random.random() < 0.5 else {}
    share = random.choice(["10%", 0.5, "70%", 0])
    return {"sample": share, "salt": random.choice(["spring", "é"]), **start}


def _near(random: Random) -> Rule:
    point = random.choice([[52.45, 4.95], [-33.9, 180], [89.9, 0], [52.4, 4.9]])
    return {"near": point, "within": random.choice(["10 km", "100 km", "20000 km"])}


def _holiday(random: Random) -> Rule:
    name = random.choice(["any", "any", "Easter", "Christmas", "Good Friday"])
    return {"holiday": name, "within": random.choice(["1 day", "7 days", "2 weeks", "1 month"])}


LEAVES = [
    *(_trait, _trait, _trait, _trait, _relative, _relative, _did, _did, _did, _did, _since),
    *(_sequence, _sequence, _regularly, _stopped, _restarted, _changed, _holds, _holds, _account),
    *(_account, _segment, _past, _moved, _segmentation, _consent, _people, _sample, _near),
    _holiday,
]


def words(rule: Any) -> Counter[str]:
    """How often each word stands in a rule."""
    if isinstance(rule, Mapping):
        return sum((words(each) for each in rule.values()), Counter(rule.keys()))
    return sum(map(words, rule), Counter()) if isinstance(rule, list) else Counter()
