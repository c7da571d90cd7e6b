"""The writer at the other end: sentences go out, other wordings of them come back, as text.

It speaks as OpenAI's chat completions do. Nothing of it is trusted: what comes back is text that
still has to pass `carpel.evidence.rejections`.
"""

import json
from collections.abc import Sequence
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from carpel.specs.writer import Writer

LARGEST = 1_000_000
"""Bytes of an answer."""
TASK = (
    "You reword sentences about a group of people for a marketer. Keep every number, its unit and "
    "the order of numbers; keep whom each is about; keep every comparison and negation; add no "
    "fact, reason, adjective or advice. You get a JSON list of sentences. Answer with a JSON list "
    "of as many strings, in the same order, and nothing else."
)


class Unanswered(Exception):  # noqa: N818 - says what is the case
    """No wording came back; the message says why, without the key or the address."""


class _Stays(HTTPRedirectHandler):
    """A key is shown to the address that is written down, and to no other."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def wordings(
    writer: Writer, key: str | None, sentences: Sequence[str], task: str = TASK
) -> list[str]:
    """A wording a sentence, in their order, by what the task asks for; raises Unanswered."""
    said = _asked(writer, key, sentences, task)
    try:
        found = json.loads(_bare(said["choices"][0]["message"]["content"]))
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise Unanswered("the answer is not a list of sentences") from error
    if not isinstance(found, list) or len(found) != len(sentences):
        raise Unanswered("the answer has not as many sentences as were asked for")
    return [each if isinstance(each, str) else "" for each in found]


def _asked(writer: Writer, key: str | None, sentences: Sequence[str], task: str) -> Any:
    body = {
        "model": writer.model,
        "temperature": 0,
        "messages": [
            {"role": "system", "content": task},
            {"role": "user", "content": json.dumps(list(sentences), ensure_ascii=False)},
        ],
    }
    headers = {"Content-Type": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    asked = Request(f"{writer.url}/chat/completions", json.dumps(body).encode(), headers)
    try:
        with build_opener(_Stays).open(asked, timeout=writer.most_seconds) as answer:
            said = answer.read(LARGEST + 1)
    except HTTPError as error:
        raise Unanswered(f"the writer answered {error.code}") from error
    except (URLError, HTTPException, OSError) as error:
        raise Unanswered("the writer does not answer") from error
    if len(said) > LARGEST:
        raise Unanswered("the answer is too long")
    try:
        return json.loads(said)
    except ValueError as error:
        raise Unanswered("the answer is not JSON") from error


def _bare(content: str) -> str:
    """The list itself, where the model put a fence around it."""
    start, end = content.find("["), content.rfind("]")
    return content[start : end + 1] if 0 <= start < end else content
