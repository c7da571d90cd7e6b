"""Experiments: what a campaign changed, from sums a group, and how far that can be trusted.

Numbers in, numbers out. A group is never looked at person by person: its size, sums, squares and
cross products (`Sums`) are enough for every figure here.
"""
