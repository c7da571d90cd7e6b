"""People who are kept aside from all campaigns, to tell what these bring together."""

from datetime import date

from pydantic import Field

from carpel.specs.base import Name, Names, Spec


class Holdout(Spec):
    """A share of everybody who gets no campaign at all; the rest are held beside them."""

    share: float = Field(gt=0, le=0.5)
    salt: str = ""
    """With another one other people are kept aside, and what was measured so far is over."""
    since: date
    """From when on nobody of them got anything; what people do is counted from here, by quarter."""
    purposes: Names = Field(default=("marketing",), min_length=1)
    """What is kept from them; campaigns for any other purpose, such as service, reach them."""
    metric: Name | None = None
    """What the verdict is about; revenue, or who orders where no amounts are known."""
    smallest: float | None = Field(default=None, gt=0)
    """The least change of it that would matter."""
