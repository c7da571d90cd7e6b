"""What work on campaigns has at hand: a build open for reading, the ledger, the time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from carpel.engine.base import Engine
from carpel.engine.query import literal, query, table
from carpel.errors import NotFound
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.kept_aside import kept_aside
from carpel.evaluation.memberships import selected
from carpel.specs import Campaign, Channel, Definitions, Speaking
from carpel.store.ledger import Ledger


@dataclass
class Desk:
    """One build, by its name, and everything beside it that decides about campaigns."""

    definitions: Definitions
    engine: Engine
    catalogue: Catalogue
    sets: Mapping[str, BitMap]
    """Members of every segment of the build."""
    build: str
    as_of: datetime
    ledger: Ledger
    key: bytes
    clock: Callable[[], datetime]
    label: Callable[[str], str]
    """What a segment is called on screen."""

    def campaign(self, name: str) -> Campaign:
        """A campaign that somebody wrote; raises NotFound."""
        if name not in self.definitions.campaigns:
            raise NotFound("campaign", name, self.definitions.campaigns)
        return self.definitions.campaigns[name]

    def channel(self, campaign: Campaign) -> Channel:
        """The channel of a campaign; people unsubscribe on our own page unless it names another."""
        spec, ours = (
            self.definitions.channels[campaign.channel],
            self.definitions.project.public_url,
        )
        if not isinstance(spec, Speaking) or spec.unsubscribe_url or not ours:
            return spec
        return spec.model_copy(update={"unsubscribe_url": f"{ours}/unsubscribe/{{token}}"})

    def segment(self, name: str) -> BitMap:
        """Members of a segment in this build; raises NotFound for one it does not have."""
        if name not in self.sets:
            action = "A segment of this name is made by the next `carpel run`."
            raise NotFound("segment in the current update", name, self.sets, action=action)
        return self.sets[name]

    def meant(self, campaign: Campaign) -> BitMap:
        """Members of a campaign's segment, and of its region; of any of its regions."""
        people, regions = self.segment(campaign.audience), campaign.regions
        if campaign.within is not None:
            return people & self._saying(campaign.within.trait, [campaign.within.value])
        if regions is not None:
            return people & self._saying(regions.by, [regions.value(p) for p in regions.places])
        return people

    def strata(self, by: str, people: BitMap) -> NDArray[np.int64]:
        """A number a group of a set of segments, or a value of a trait; ascending by key.

        People of none have one together. Raises NotFound for a trait nobody has.
        """
        keys = np.asarray(people.to_array(), np.int64)
        found = np.zeros(len(keys), np.int64)
        if by in self.definitions.segmentations:
            groups = sorted(name for name in self.sets if name.startswith(f"{by}."))
            for number, name in enumerate(groups, 1):
                found[np.isin(keys, np.asarray(self.sets[name].to_array()))] = number
            return found
        fact = self.catalogue.trait(by)
        asked = "SELECT customer, CAST(:v AS VARCHAR) AS said FROM :t WHERE :v IS NOT NULL"
        rows = self.engine.fetch(query(asked, t=table(fact.table), v=fact.value))
        said = dict(
            zip(*(rows.column(each).to_pylist() for each in rows.column_names), strict=True)
        )
        numbers = {each: n for n, each in enumerate(sorted(set(said.values())), 1)}
        return np.array([numbers.get(said.get(int(key)), 0) for key in keys], np.int64)

    def regions(self, campaign: Campaign) -> list[Campaign]:
        """The other campaigns of which nobody gets this one too: the regions of one whole."""
        return [
            each
            for each in self.definitions.campaigns.values()
            if each.within and each.family == campaign.family and each.name != campaign.name
        ]

    def _saying(self, trait: str, values: Sequence[str]) -> BitMap:
        """Those of whom a trait says one of these; raises NotFound for a trait nobody has."""
        fact = self.catalogue.trait(trait)
        asked = "SELECT customer FROM :t WHERE lower(CAST(:v AS VARCHAR)) IN (:said)"
        said = [literal(each.lower()) for each in values]
        return selected(self.engine, query(asked, t=table(fact.table), v=fact.value, said=said))

    @cached_property
    def survivors(self) -> Mapping[int, int]:
        """Former keys, and the key under which each lives on."""
        return dict(self.engine.rows(query("SELECT customer, survivor FROM aliases")))

    def key_today(self, customer: int) -> int:
        """Under which key somebody is known today, there or gone."""
        return self.survivors.get(customer, customer)

    def today(self, keys: BitMap | Iterable[int]) -> BitMap:
        """The same people by today's keys, those gone left out."""
        held = keys if isinstance(keys, BitMap) else BitMap(keys)
        former = held & BitMap(self.survivors)
        lives_on = BitMap(self.survivors[each] for each in former)
        return ((held - former) | lives_on) & self.everybody

    def kept_from(self, purpose: str) -> BitMap:
        """Who is kept aside from all campaigns for a purpose."""
        holdout = self.definitions.project.holdout
        return self._aside if holdout is not None and purpose in holdout.purposes else BitMap()

    @cached_property
    def _aside(self) -> BitMap:
        return kept_aside(self.engine, self.definitions.project.holdout)

    @cached_property
    def everybody(self) -> BitMap:
        """Everybody there is."""
        return selected(self.engine, query("SELECT customer FROM customers"))
