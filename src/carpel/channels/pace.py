"""Only so many messages a minute."""

from time import monotonic, sleep


class Pace:
    """Waits so that one of several `connections` stays within its share of what is allowed."""

    def __init__(self, most_per_minute: int | None, connections: int = 1) -> None:
        self._apart = 60 * connections / most_per_minute if most_per_minute else 0.0
        self._next = 0.0

    def wait(self, messages: int = 1) -> None:
        """Come back when so many may go together; they count from then on."""
        now = monotonic()
        if self._next > now:  # a sleep of nothing gives the processor away all the same
            sleep(self._next - now)
        self._next = max(now, self._next) + self._apart * messages

    def rest(self, seconds: float) -> None:
        """Let nothing go for so long."""
        self._next = max(self._next, monotonic() + seconds)
