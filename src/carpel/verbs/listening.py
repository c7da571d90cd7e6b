"""What people say themselves by the links they were sent: one short method a deed of theirs."""

from typing import TYPE_CHECKING

from carpel.verbs.questions import Questions

if TYPE_CHECKING:
    from carpel.verbs.permitting import Link, Scope


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

    def proof(self, nonce: str) -> str:
        """What only this project's own server answers to a nonce."""
        from carpel.verbs import reachable

        return reachable.proof(self.session, nonce)
