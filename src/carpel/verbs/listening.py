"""What people say themselves by the links they were sent: one short method a deed of theirs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from carpel.verbs.questions import Questions

if TYPE_CHECKING:
    from carpel.verbs.choosing import Chosen, Permissions
    from carpel.verbs.permitting import Link, Scope
    from carpel.verbs.slots import SlotPage, Slots


class Listening(Questions):
    """Links that people follow: each token says whose it is, signed, and names nobody."""

    def link(self, token: str) -> "Link":
        """What a link is about; raises Refused for a token that Carpel did not sign."""
        from carpel.verbs import permitting

        return permitting.link(self.session, token)

    def unsubscribe(self, token: str, scope: "Scope" = "medium") -> bool:
        """Honour an unsubscribe link by its token; True when that is new. Needs no build.

        `scope`: this `kind` of message, all by this `medium`, or `all` by any.
        """
        from carpel.verbs import permitting

        with self._audited("unsubscribe", scope=scope):
            return permitting.withdraw(self.session, token, scope)

    def subscribe_again(self, token: str, scope: "Scope" = "medium") -> bool:
        """Take back what `unsubscribe` did; True when there was something to take back.

        What the sources permit is in force again, nothing more.
        """
        from carpel.verbs import permitting

        with self._audited("subscribe-again", scope=scope):
            return permitting.take_back(self.session, token, scope)

    def chosen(self, page: str, token: str) -> "Chosen":
        """What a page of the project shows to whoever has this token."""
        from carpel.verbs import choosing

        return choosing.chosen(self.session, page, token)

    def choose(self, page: str, token: str, granted: "Permissions") -> int:
        """Note which permissions somebody gives or withdraws; gives how many changed.

        A permission that is given is a consent with its time and page from the next run on.
        """
        from carpel.verbs import choosing

        with self._audited("choose", page=page):
            return choosing.choose(self.session, page, token, granted)

    def answer(self, page: str, token: str, given: Mapping[str, list[str]]) -> int:
        """Note somebody's answers by the names of the questions; gives how many changed.

        They are traits from the next run on.
        """
        from carpel.verbs import choosing

        with self._audited("answer", page=page):
            return choosing.answer(self.session, page, token, given)

    def follow(self, code: str, token: str = "", *, machine: str = "") -> str:
        """Where a link leads; noted with whose it is, and what followed it if that was no person.

        Raises NotFound for what is no link of this project.
        """
        from carpel.verbs import following

        return following.follow(self.session, code, token, machine)

    def short_link(self, name: str, url: str) -> bool:
        """Let the short link `/s/NAME` lead to an address; True when it led elsewhere before.

        It never ends, and may be made to lead elsewhere at any time.
        """
        from carpel.verbs import following

        with self._audited("short-link", name=name, url=url):
            return following.short(self.session, name, url)

    def short_links(self) -> dict[str, str]:
        """Every short link by its name, and where it leads."""
        from carpel.verbs import following

        return following.shorts(self.session)

    def slots(self) -> "Slots":
        """What slots of web sites show whom, answered from memory while it is begun."""
        from carpel.verbs import slots

        return slots.Slots(self.session)

    def show_slot(self, name: str) -> "SlotPage":
        """A slot, and how many saw which of its contents how often."""
        from carpel.verbs import slots

        with self._audited("show slot", slot=name):
            return slots.slot_page(self.session, name)

    def visitor(self, address: str) -> str:
        """The token by which a site tells slots that somebody with this address visits it.

        For the site's own server, of somebody who has logged in; it names nobody.
        """
        from carpel.verbs import slots

        return slots.token_of(self.session, address)

    def proof(self, nonce: str) -> str:
        """What only this project's own server answers to a nonce."""
        from carpel.verbs import reachable

        return reachable.proof(self.session, nonce)
