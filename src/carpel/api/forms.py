"""Forms as they come in: of a limited size, and never more than text."""

from fastapi import Request
from starlette.datastructures import FormData

LARGEST = 64_000
"""Bytes of a form; ours are far below."""


async def form(request: Request) -> FormData:
    """What was sent as a form."""
    return await request.form(max_files=0, max_fields=100)


def said(given: FormData, name: str) -> str:
    """What a field says; empty where it says nothing."""
    value = given.get(name, "")
    return value if isinstance(value, str) else ""


def chosen(given: FormData, name: str) -> list[str]:
    """Everything that a field says, as boxes that are ticked do."""
    return [each for each in given.getlist(name) if isinstance(each, str)]
