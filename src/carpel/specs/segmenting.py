"""The two versions of a campaign that asks whether segmenting pays."""

ONE, OWN = "one", "own"
"""One message for all, and one for each segment in its own words."""
