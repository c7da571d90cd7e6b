"""Reports that came back, matched with the deliveries they are about, and settled."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from carpel.campaigns.marks import addressed, fits
from carpel.channels.returned import Returned, returned
from carpel.store.deliveries import Route
from carpel.store.ledger import Ledger
from carpel.store.returns import Return, note, routes

OURS = "no mark of a delivery of this project"


@dataclass
class Reader:
    """Takes messages one by one; what it cannot use it leaves alone and counts, with the reason."""

    ledger: Ledger
    key: bytes
    clock: Callable[[], datetime]
    actor: str
    kinds: Counter[str] = field(default_factory=Counter)
    aside: Counter[str] = field(default_factory=Counter)

    def take(self, content: bytes) -> bool:
        """Read one message as it came; True when it is done with."""
        said = returned(content)
        if isinstance(said, str):
            self.aside[said] += 1
            return False
        found = self._delivery(said)
        if found is None:
            self.aside[OURS] += 1
            return False
        return self._noted(said, *found)

    def _delivery(self, said: Returned) -> tuple[Route, str, str] | None:
        """The delivery a report is about: the first of its marks that was made with our key."""
        known = routes(self.ledger, {addressed(each) for each in said.marks})
        for mark in said.marks:
            address = addressed(mark)
            for route, occasion in known.get(address, ()):
                if fits(self.key, mark, route, occasion):
                    return route, address, occasion
        return None

    def _noted(self, said: Returned, route: Route, address: str, occasion: str) -> bool:
        told = Return(said.report, said.kind, said.status)
        became = note(
            self.ledger,
            route,
            address,
            told,
            at=self.clock(),
            actor=self.actor,
            occasion=occasion,
        )
        if became == "noted":
            self.kinds[said.kind] += 1
        else:
            self.aside[became] += 1
        return became != "still being sent"
