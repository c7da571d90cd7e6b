"""The text form of rules: one line that an analyst can read and type."""

from carpel.language.text.reader import parse_text
from carpel.language.text.writer import to_text

__all__ = ["parse_text", "to_text"]
