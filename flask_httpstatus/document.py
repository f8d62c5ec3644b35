"""Document: the problem document, which is what every format writes down."""

import logging
from collections.abc import Callable, Mapping
from functools import lru_cache
from json import JSONEncoder

from . import http
from .failures import Failure
from .members import Json, jsonable
from .texts import encodable
from .translations import LANGUAGES

log: logging.Logger = logging.getLogger(__package__)

encode: Callable[[object], str] = JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_quoted = lru_cache(maxsize=256)(encode)


def document(failure: Failure) -> dict[str, Json]:
    """Return the problem document (RFC 9457, Section 3).

    Without a declared type the title is the phrase of the status, whatever a class has made of
    ``name``; it is in the language of the answer, as Section 4.2.1 allows it. A member that cannot
    be written is left out and logged, the others stay.
    """
    status, members = failure.status, dict[str, Json]()
    phrase = http.facts(status).phrase
    if failure.type_uri is None:
        title = LANGUAGES[failure.language](phrase)
    else:
        phrase = title = encodable(failure.title or phrase)
        members["type"] = failure.type_uri
    members |= {"title": title, "status": int(status)}
    message = encodable(failure.message)
    if message.casefold() not in redundant(phrase):
        members["detail"] = message
    if failure.incident is not None:
        members["instance"] = f"urn:uuid:{failure.incident}"
    for name, value in failure.members.items():
        try:
            members[encodable(name)] = jsonable(value)
        except Exception:
            log.exception("The member %r of %s cannot be written", name, type(failure).__name__)
    return members


def as_json(members: Mapping[str, Json]) -> str:
    """Write the problem document as JSON."""
    # An encoder takes half as long again for an object as for the texts in it.
    pairs = [
        f"{_quoted(name)}: {value if type(value) is int else encode(value)}"
        for name, value in members.items()
    ]
    return f"{{{', '.join(pairs)}}}"


def redundant(phrase: str) -> tuple[str, str]:
    """Return the messages, case folded, that add nothing to the phrase."""
    return "", phrase.casefold()


def plain(value: Json) -> str:
    """Return the value as a person reads it."""
    return value if isinstance(value, str) else encode(value)
