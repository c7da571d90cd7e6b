"""Text in a CSV that a spreadsheet would run as a formula, made harmless and made whole again."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet take text for a formula (OWASP, CSV injection)."""


def guarded(text: str) -> str:
    """The text, an apostrophe in front where it would run; `unguarded` gives it back."""
    return f"'{text}" if text.lstrip("'").startswith(DANGEROUS) else text


def harmless(value: object) -> object:
    """A cell that no spreadsheet executes; a phone number in E.164 is not a formula."""
    if not isinstance(value, str) or (value[:1] == "+" and value[1:].isdigit()):
        return value
    return guarded(value)


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text.startswith("'") and guarded(text[1:]) == text else text
