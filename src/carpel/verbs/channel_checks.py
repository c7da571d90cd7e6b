"""Whether a channel works: what answers, and what the DNS says about who may send."""

from contextlib import closing
from dataclasses import dataclass

from carpel.channels import carrier
from carpel.channels.dns_records import Said, Txt, asked, records
from carpel.errors import NotFound
from carpel.reading.secrets import revealed
from carpel.specs import Smtp
from carpel.verbs.session import Session


@dataclass(frozen=True)
class ChannelCheck:
    """What stands in the way of sending, and each record of the DNS that receivers look at."""

    channel: str
    problems: list[str]
    records: list[Said]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems and all(each.sound for each in self.records)


def check(session: Session, name: str, txt: Txt | None = None) -> ChannelCheck:
    """Look at one channel; sends nothing. Asks the DNS only where the channel sends e-mail."""
    channels = session.definitions.channels
    if name not in channels:
        raise NotFound("channel", name, channels)
    spec = channels[name]

    def reveal(named: str) -> str:
        return revealed(named, session.folder)

    with closing(carrier(spec, campaign="check", reveal=reveal, to=session.folder)) as made:
        problems = list(made.check())
    if not isinstance(spec, Smtp):
        return ChannelCheck(name, problems, [])
    key = reveal(spec.dkim.key) if spec.dkim else None
    return ChannelCheck(name, problems, list(records(spec, key, txt or asked())))
