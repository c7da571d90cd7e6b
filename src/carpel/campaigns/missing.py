"""When nobody is left: what the data does not say, and where it would be said."""

from carpel.campaigns.desk import Desk
from carpel.campaigns.waterfall import STEPS, Waterfall
from carpel.engine.query import query
from carpel.evaluation.contacts import ADDRESS
from carpel.specs import Campaign


def missing(desk: Desk, campaign: Campaign, found: Waterfall) -> str:
    """Why the audience is empty, as one sentence with what to do."""
    if not found.start:
        return f"Nobody is in {campaign.audience}: see `carpel explain segment`."
    last = next(row["step"] for row in found.rows() if not row["left"])
    medium = desk.channel(campaign).medium
    if last == "no_address":
        return _address(desk, medium)
    if last == "no_permission":
        return _permission(desk, medium, campaign.purpose)
    return f"Nobody is left after this step: {STEPS[last]}."


def _address(desk: Desk, medium: str) -> str:
    lacking = [each for each in ADDRESS[medium] if each not in desk.engine.columns("contacts")]
    if lacking:
        word = lacking[0].removeprefix("t_")
        return (
            f"No source says which column holds the {word}: add `identifiers: {{{word}: COLUMN}}` "
            "to the source that has it."
        )
    return f"Nobody here has an address for {medium} in any source."


def _permission(desk: Desk, medium: str, purpose: str) -> str:
    rows = desk.engine.rows(
        query("SELECT channel, purpose, count(*) FROM consents WHERE granted GROUP BY ALL")
    )
    if not desk.engine.value(query("SELECT count(*) FROM consents")):
        return (
            f"No source says who gave permission: add `permit: [{{channel: {{constant: "
            f"{medium}}}, granted: "
            "COLUMN}]` to the source that knows."
        )
    told = sorted(f"{channel} for {why} ({people:,})" for channel, why, people in rows)
    on_record = f"On record: {', '.join(told)}." if told else "Nobody gave any."
    return f"Nobody here gave permission by {medium} for {purpose}. {on_record}"
