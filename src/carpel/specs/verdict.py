"""What an experiment came to, as it is said on screen."""

from collections.abc import Mapping

VERDICTS: Mapping[str, str] = {
    "worked": "worked",
    "nothing_seen": "did nothing we could see",
    "harm": "did harm",
    "cannot_tell": "cannot tell yet",
    "uneven": "groups came out uneven: do not trust this",
}
"""By verdict: its words. A segment of which nothing is certain is one we cannot tell of."""
CALLS: Mapping[str, str] = {
    "stop": "▼ stop",
    "keep": "○ keep, and test further",
    "grow": "▲ grow",
}
"""What to do about a campaign."""
SIGNS: Mapping[str, str] = {
    "worked": "▲",
    "nothing_seen": "○",
    "harm": "▼",
    "cannot_tell": "?",
    "uneven": "✗",
}
