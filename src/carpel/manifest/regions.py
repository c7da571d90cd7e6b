"""Campaigns of regions: each stands in the file of the whole, and is a campaign of its own."""

from collections.abc import Iterator
from dataclasses import replace

from pydantic import ValidationError

from carpel.errors import Problem
from carpel.manifest.yaml import Places, place_of
from carpel.specs import Campaign, Definitions


def with_regions(definitions: Definitions, written: Places, problems: list[Problem]) -> Definitions:
    """The definitions with a campaign for each region that somebody wrote and that can be one."""
    found = dict(definitions.campaigns)
    for campaign in definitions.campaigns.values():
        found |= {each.name: each for each in _regions(campaign, written, problems)}
    return replace(definitions, campaigns=found)


def _regions(campaign: Campaign, written: Places, problems: list[Problem]) -> Iterator[Campaign]:
    for name in campaign.regions.places if campaign.regions else ():
        try:
            yield campaign.region(name)
        except ValidationError as error:
            place = place_of(written, "campaigns", campaign.name)
            said = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
            line = place.line(("regions", "places", name))
            problems.append(Problem(f"region {name}: {said}", place.file, line))
