"""Drafts of what a segment could read: mail, posts and ads, each chosen by evidence of its persona.

Evidence is about people; copy is to them. So evidence only chooses what is spoken about, and is
shown beside the draft; the copy is made of words that claim nothing (`phrases`), of names and of
what the user gave. `checker` refuses all else, whoever wrote it.
"""

from carpel.drafts.angles import Angles, Reason, angles
from carpel.drafts.checker import Given, Unfounded, rejections
from carpel.drafts.pieces import Brief, Pieces, pieces

__all__ = [
    "Angles",
    "Brief",
    "Given",
    "Pieces",
    "Reason",
    "Unfounded",
    "angles",
    "pieces",
    "rejections",
]
