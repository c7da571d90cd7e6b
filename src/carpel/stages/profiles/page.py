"""The page of the documentation that lists every built-in trait, written from the catalogue.

`python -m carpel.stages.profiles.page > docs/traits.md` writes it anew.
"""

import sys
from collections.abc import Iterable, Mapping

from carpel.stages.profiles.catalogue import CATALOGUE, EVENTS
from carpel.stages.profiles.doings import RECEIVED
from carpel.stages.profiles.entry import Criterion, Entry
from carpel.stages.profiles.expressions import FUNCTIONS

REVENUE = "the revenue event"
ORIGIN: Mapping[str, str] = {
    **{rows: f"`{event}`" for rows, event in EVENTS.items()},
    "orders": REVENUE,
    "order_gaps": REVENUE,
    "order_favourites": REVENUE,
    "revenue": f"{REVENUE}, `product_returned`",
    "purchase_favourites": "`product_purchased`",
    "category_switches": "`product_purchased`: `category`, `amount`",
    "brand_switches": "`product_purchased`: `brand`, `amount`",
    "interests": "`category` of `product_purchased`, `product_viewed`, `page_viewed`",
    "sessions": "`page_viewed`, with `session_id` or half an hour without a page",
    "carts": f"`product_added`, with `cart_id` or by day; {REVENUE}",
    "activity": "every event but what people only receive",
    "emails_sent": "`email_sent`",
    "emails_opened": "`email_opened`, by `message_id` or `campaign`",
    "emails_clicked": "`email_clicked`, by `message_id` or `campaign`",
    "tickets": "`ticket_opened` with `resolved_at`, or `ticket_resolved` by `ticket_id`",
    "feature_favourites": "`feature_used`",
    "contracts": "contracts",
    "accounts": f"accounts; {REVENUE}",
    "since": f"{REVENUE}, contracts",
    "customers": "all sources",
    "contacts": "stated",
    "profiles": "traits",
    "places": "the city or the coordinates, and the extra `geo`",
}
"""Where the rows that a formula runs over come from, in words."""
TITLES: Mapping[Criterion, str] = {
    "demographic": "Who they are",
    "geographic": "Where they live",
    "psychographic": "What they think and like",
    "behavioural": "What they do",
    "value": "What they are worth",
}
HEAD = """# Traits

A trait is a fact about a person. Carpel computes each of these when the data allows it, and leaves
it out otherwise. Counts and sums are 0 for people without a matching event; averages, shares, first
and last are unknown. Shares and rates run from 0 to 1. Nothing after `as_of` counts; a window of 30
days is 30 times 24 hours and does not hold its beginning. Money is in the project's currency.

An order is a row of the project's revenue event, `order_completed` unless `carpel.yml` says
otherwise; spend has returns subtracted unless `revenue.refunds` is `not_subtracted`. A property
that an event lacks is looked up where a source describes it (`category` by `product_id`).

Every other column that a source gives for people is a trait too, under its own name (with
`_stated` behind it when a computed trait has that name). Special categories of personal data,
such as ethnicity, are left out unless `lawful_purposes` in `carpel.yml` gives a purpose. What
a source says about a company or household is a trait of its people, and every question of a survey
(`survey_answered` with `question` and `answer`) is one, named `survey_` and the question.
"""
TAIL = """
## Traits of your own

One file a trait in `traits/`. An aggregate (`count`, `sum`, `avg`, `min`, `max`, `distinct`,
`first`, `last`) over an event, with a filter and a window:

```yaml
# traits/coffee_orders_90d.yml
kind: aggregate
event: product_purchased
aggregate: distinct
property: order_id
where: {{category: coffee}}
within: 90 days
```

Or an expression over other traits: `+ - * / %`, comparisons, `and or not`, `between`, `in`,
`is null`, {functions}. What is computed from something unknown is unknown, and so is a division by
zero; `least` and `greatest` pass over unknown values. Traits that identify a person cannot be used.
All kinds take `label` (as on screen), `meaning`, `unit` and `criterion`, one of {criteria}.

```yaml
# traits/spend_per_visit.yml
kind: expression
expression: spend_365d / visits_total
unit: EUR
```

Or a season: before which public holiday of the country where they live (else the project's)
somebody does it far more often than time alone gives.

```yaml
# traits/season.yml
kind: seasonal
event: order_completed
days: 21
```

The value is the holiday's name: `{{trait: season, contains: Christmas}}`. Days with the event are
counted from a person's second on; those in the `days` before a holiday (and on it) are held against
that season's share of their time, by the binomial distribution, over all people and holidays at
once at 5 % false (Benjamini and Hochberg 1995). In two years at least, where two are known of them.
Holidays within three days of each other are one. `holiday: Christmas` looks at that one alone. It
lies where a sale of yours falls before the holiday, and about people whose country is not the one
they buy for. Wants the extras `geo` and `science`.

Or an affinity: the category (or any other property) that somebody chooses far more often than
everybody does; for affinity segments, `{{trait: taste, is: coffee}}`.

```yaml
# traits/taste.yml
kind: affinity
event: product_purchased
property: category
within: 365 days
```

A choice is a day with the value, so that ten lines of one basket are one; three at least. It is
held against everybody's share of the value by the binomial distribution, over all people and values
at once at 5 % false, and of several the clearest is told. Who buys what everybody buys has none. It
lies where people could not choose: a branch that sells no tea. Wants the extra `science`.

Or what answers to several items of a survey say together:

```yaml
# traits/thrift.yml
kind: scale
items: [survey_q1, survey_q2, survey_q3, survey_q4]
reversed: [survey_q3]
```

```yaml
# traits/character.yml
kind: factors
items: [survey_a1, survey_a2, survey_a3, survey_b1, survey_b2, survey_b3]
names: {{outgoing: survey_a2}}
```

A scale is one trait, the mean of the answers of who answered at least half of its items. Items that
run backwards are found where `reversed` is left out; `lowest` and `highest` are the ends of the
answers, those given when left out. Factors are as many traits as the items turn out to measure (or
`factors: 3`), mean 0, each called as the file and the item that tells most of it
(`character_survey_b1`), or by `names` as an item tells it, in its direction. Items that nobody
answers, that all answer alike or that measure something else are left out; where too few people
answer, or the items do not hang together, nothing is known of anybody and `carpel run` says why.
`carpel show trait thrift` gives alpha, items and reasons. Wants the extra `science`.
[How it works, and when it lies](methods/surveys.md).

## What people will do

One file in `predictions/` makes figures about the future into traits that rules, lists and pages
read like any other. It needs the extra `science`.

```yaml
# predictions/orders.yml
kind: buying
days: [30, 90, 365]
margin: 0.4
```

| trait | what it is |
|---|---|
| `p_alive` | the chance that they will ever order again, 0 to 1 |
| `predicted_orders_30d` | days with an order expected in 30 days; one trait for each of `days` |
| `next_order_at` | when half of people like them have ordered again; of those who likely do |
| `clv_365d` | what their orders will bring in the longest of `days`, in today's money |

```yaml
# segments/worth_winning_back.yml
label: Worth winning back
where:
  all:
    - {{trait: p_alive, lt: 0.5}}
    - {{trait: clv_365d, gt: 50}}
```

`margin` is what of revenue is earned; without it value is revenue. `yearly_discount` (0.1) is by
how much less a value is when it comes a year later. Every figure has an interval: `carpel show
customer` and `carpel explain customer` say it, and it stands in the table `predictions` as
`p_alive_low` and `p_alive_high`. Which model is used is found out on the last `held_out_days` (a
quarter of the history when left out), beside naive guesses; `carpel show prediction orders` tells
how it did, and the table `model_cards` keeps all that was tried. Where no model is better than a
guess, the history is too thin, or orders are renewals, nothing is predicted: the traits are unknown
of everybody, and `carpel run` says why. At a past moment the model is fitted on what was known
then. `label` is for pages. [How it works, and when it lies](methods/buying.md).

### Whether something will happen

With `kind: event` a file names what people will do, or will not: the chance of it is a trait that
is called as the file is.

```yaml
# predictions/churn.yml
kind: event
label: Chance to stay away
not_did: order_completed
within: 90 days
```

```yaml
# predictions/lead_score.yml
kind: event
did: order_completed
where: {{amount: {{at_least: 50}}}}
within: 8 weeks
among:
  all:
    - {{trait: orders_total, equals: 0}}
    - {{did: page_viewed, within: 30 days}}
```

| word | what it says |
|---|---|
| `did`, `not_did` | the event that comes, or that stays away; one of them |
| `where` | only events whose properties compare so |
| `within` | how far ahead, 7 to 730 days or as many weeks; 90 days when left out |
| `among` | whom it is about, by a rule over what was known of them then |
| `trusted` | traits without a date of which you know that they were known before |

Without `among` it is about everybody, and of an event that stays away about those who did it within
as long before. It is learned from up to four earlier moments, that long apart, and judged by the
latest people: at each moment their traits are what a build of that day would have said, and what
they did afterwards is the answer. What happened has a date; what sources state of people mostly has
none, and whether it was known then nobody can tell: such traits are left out (but for birth date
and gender), as are the states of contracts that have no date. At least three times `within` of
history is needed. Where the model is not better than the share of everybody, the trait is unknown
of everybody and `carpel run` says why. `carpel show customer` gives the reasons of a person's
chance. [How it works, and when it lies](methods/yes-no.md).

### Who is like the people of a list

```yaml
# predictions/like_members.yml
kind: lookalike
label: Chance to be a member
like: {{trait: club_member, is: true}}
without: [city]
```

Everybody gets the chance that somebody like them would be on the list, with its reasons; people on
it too, by a model that has not seen them. What the rule asks for is not told by, nor are traits
that say nearly the same; `among` narrows down whom it is about, `trusted` keeps a trait that tells
nearly everything. Likeness is of today: that people like your members will become members is
another question, which `kind: event` answers where there are dates. A list of which nothing tells
gives nothing, and says so. [How it works, and when it lies](methods/yes-no.md).

### The ideal customer

What sets the best customers apart before they buy, and who else is like that:

```yaml
# predictions/ideal.yml
kind: ideal
unit: account
by: spend_total
```

| word | what it says |
|---|---|
| `by` | the figure that says who is best; spend of 365 days, else recurring revenue, if left out |
| `share` | the part of customers that is the best, 0.2 when left out |
| `like` | the best by a rule, in place of `by` and `share` |
| `among` | who is compared, by a rule; those whose figure is above 0 when left out |
| `unit` | `customer`, or `account`: companies, by what sources state of them |
| `without`, `trusted` | traits it is not told by; traits it is told by all the same |

It is told by what is so whether somebody buys or not: what sources state of people and companies,
where they live, answers to surveys. Whatever is worked out from buying, visiting or plans is left
out, since it cannot be known of a lead, and would say who is best instead of foretelling it. The
chance is a trait called as the file is, of customers (by a model that has not seen them) and of
everybody else; of a company it is that of its people: `{{trait: most_ideal, at_least: 0.4}}` in a
segment of accounts. `carpel show prediction ideal` shows what sets the best apart, with intervals,
and how many others look as they do. [How it works, and when it lies](methods/ideal.md).

### Whom an action moves

After a test in which it was drawn by lot who gets a letter, a call or an offer, how much likelier
it makes an event, for everybody as they are now:

```yaml
# predictions/letter_adds.yml
kind: uplift
label: What the letter adds
treated: {{trait: letter, is: sent}}
control: {{trait: letter, is: kept aside}}
on: 2026-01-01
did: order_completed
within: 30 days
# predictions/spring_adds.yml
kind: uplift
label: What the spring letter adds
experiment: spring
did: order_completed
```

| word | what it says |
|---|---|
| `experiment` | a campaign of yours or a [test](verdicts.md): its arms, and its first day |
| `arm` | which version of it; all of them when left out |
| `treated`, `control` | in its place: who got it, and who by the same lot did not, by a rule each |
| `on` | the day it began; people are told by what was known of them then |
| `did`, `where` | the event it was to bring, and only those whose properties compare so |
| `within` | the time in which it counts, 1 to 730 days or as many weeks; 30 days when left out |
| `without` | traits it is not told by |
| `trusted` | traits without a date of which you know that they were known before |

The trait is a difference of chances, -1 to 1: `{{trait: letter_adds, at_least: 0.02}}` are those
worth the next letter when 2 more orders of 100 pay for it. Who is in both groups counts in neither;
what the two rules ask for is not told by. Where a model does no better than drawing people by lot,
or the groups of an `experiment` came out uneven, the trait is unknown of everybody and `carpel run`
says why: then the letter goes to all or to none.
`carpel show prediction letter_adds` tells what was foreseen to be added, and what was.
[How it works, and when it lies](methods/uplift.md).

### Who keeps a plan

```yaml
# predictions/renewal.yml
kind: renewal
months: 12
```

| trait | what it is |
|---|---|
| `p_renewal` | the chance of a yes when the running plan next comes up for renewal |
| `p_leaving_12m` | the chance that they hold no plan any more in `months` |
| `plan_months_12m` | how many of the next `months` they are expected to hold one |

`plans` names those it is about; all when left out. Plans of one person that follow each other, or
run beside each other, are one; a trial is not counted. Plans of each interval have a model of their
own, tried on the last months beside a naive guess, and a card of their own. Who has cancelled is
said to leave when what is paid is over. [How it works, and when it lies](methods/contracts.md).

## Events that people only receive

They do not count as being active: {received}.
"""


def page(entries: Iterable[Entry] = CATALOGUE) -> str:
    """The whole page."""
    listed = list(entries)
    parts = [HEAD]
    for criterion, title in TITLES.items():
        rows = [_row(each) for each in listed if each.criterion == criterion]
        parts.append(f"\n## {title}\n\n| trait | on screen | meaning | unit | from |\n"
                     "|---|---|---|---|---|\n" + "\n".join(rows) + "\n")  # fmt: skip
    received = ", ".join(f"`{each}`" for each in sorted(RECEIVED))
    functions = ", ".join(f"`{each}`" for each in FUNCTIONS)
    criteria = ", ".join(f"`{each}`" for each in TITLES)
    tail = TAIL.format(received=received, functions=functions, criteria=criteria)
    return "".join(parts) + tail


def _row(entry: Entry) -> str:
    computed = entry.rows not in ("contracts", "accounts", "customers", "places", "since")
    needs = ", ".join(f"`{each}`" for each in entry.needs) if computed else ""
    origin = f"{ORIGIN[entry.rows]}: {needs}" if needs else ORIGIN[entry.rows]
    return f"| `{entry.name}` | {entry.label} | {entry.meaning} | {entry.unit} | {origin} |"


if __name__ == "__main__":
    sys.stdout.write(page())
