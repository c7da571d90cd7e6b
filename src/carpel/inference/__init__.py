"""Files nobody has described yet, read into a proposal: what they are, what columns mean."""

from carpel.inference.goals import parse_goal
from carpel.inference.proposal import Proposal, propose
from carpel.inference.reading import Reading
from carpel.inference.source import SourceProposal
from carpel.inference.write import document, write

__all__ = ["Proposal", "Reading", "SourceProposal", "document", "parse_goal", "propose", "write"]
