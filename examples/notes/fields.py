"""Fields: the texts that a form or a JSON object has to have."""

from collections.abc import Mapping
from typing import Any

from flask_httpstatus import BadRequest, Issue, UnprocessableContent


def texts(data: Any, **longest: int) -> list[str]:
    """Return the texts of these fields, if all are there and none is too long."""
    BadRequest.unless(isinstance(data, Mapping), "Send a JSON object.")
    found: list[str] = []
    errors: list[Issue] = []
    for name, length in longest.items():
        text = data.get(name)
        if isinstance(text, str) and 0 < len(text.strip()) <= length:
            # JSON can spell half a character, which SQLite would refuse.
            found.append(text.strip().encode(errors="replace").decode())
        else:
            detail = f"must be a text of 1 to {length} characters"
            errors.append(Issue(detail, pointer=f"#/{name}"))
    UnprocessableContent.when(errors, "That cannot be saved.", errors=errors)
    return found
