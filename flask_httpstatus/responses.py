"""Responses: what another service answered, whichever client received it."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import Any, Never, Protocol, TypeAlias, cast
from urllib.parse import urljoin

from werkzeug.datastructures import Headers

from .negotiation import HTML, PROBLEM

#: More than this is not read, and what is nested deeper is no problem document.
LONGEST, DEEPEST = 2**20, 64

_PAGES = {HTML.media_type, *HTML.also}
_EMBEDDED = re.compile(rb'<script type="application/problem\+json">(.*?)</script>', re.DOTALL)
_FOLD = re.compile(r"[\r\n]+[ \t]*")


class _Fields(Protocol):
    def items(self) -> Iterable[tuple[str, Any]]: ...


class _ResponseOfClient(Protocol):
    """What requests, httpx and Werkzeug's test client have in common."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> _Fields: ...


class _ResponseOfLibrary(Protocol):
    """What urllib and http.client have in common."""

    @property
    def status(self) -> int | None: ...
    @property
    def headers(self) -> _Fields: ...


Response: TypeAlias = _ResponseOfClient | _ResponseOfLibrary


def status_of(response: Response) -> int:
    """Return the status on the wire.

    :raises TypeError: for what is no response.
    """
    received: Any = response
    status: object = getattr(received, "status_code", None) or getattr(received, "status", None)
    if not isinstance(status, int):
        raise TypeError(
            f"{response!r} is no response of requests, httpx, urllib, http.client or Werkzeug's "
            "test client"
        )
    return status


@dataclass(frozen=True)
class Answer:
    """A response that has been read.

    :param url: where it came from, empty if its client does not tell.
    :param method: that of the request, empty if its client does not tell.
    :param body: empty if it could not be read, or is longer than is read.
    :param unread: why it could not be read.
    """

    status: int
    url: str
    method: str
    headers: Headers
    body: bytes
    unread: Exception | None = None

    @property
    def media_type(self) -> str:
        """The type of the body, in lower case and without parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def written_document(self) -> bytes | None:
        """The problem document, as it was sent or as it is embedded in the page, unread."""
        if self.media_type == PROBLEM.media_type:
            return self.body
        embedded = _EMBEDDED.search(self.body) if self.media_type in _PAGES else None
        return embedded and embedded[1]

    @cached_property
    def document(self) -> dict[str, Any]:
        """The members of the problem document, none where there is no proper one."""
        if self.written_document is not None:
            with suppress(ValueError):
                return parsed(self.written_document)
        return {}

    def text(self, name: str) -> str:
        """Return a standard member that is a text, empty where it is none."""
        value = self.document.get(name)
        return value if isinstance(value, str) else ""

    @property
    def type_uri(self) -> str | None:
        """The URI of the problem type, None for ``about:blank`` (RFC 9457, Section 3.1.1)."""
        type_ = self.text("type")
        if type_ in {"", "about:blank"}:
            return None
        return self.resolved(type_)

    def resolved(self, uri: str) -> str:
        """Return the URI, as it is read in this response (RFC 3986, Section 5)."""
        try:
            return urljoin(self.url, uri)
        except ValueError:  # such as http://[
            return uri


def answer_of(response: Response) -> Answer:
    """Read a response, as far as it can be read and no further than is decent.

    :raises TypeError: for what is no response.
    """
    status = status_of(response)
    body, unread = b"", None
    try:
        body = _body(response)
    except Exception as error:  # noqa: BLE001 - of any client, and the status is known all the same
        unread = error
    headers = Headers()
    for name, value in response.headers.items():
        # A folded value is one in several lines (RFC 9112, Section 5.2).
        headers.add(name, _FOLD.sub(" ", str(value)))
    return Answer(
        # What is no status is read as one of the server's errors (RFC 9110, Section 15).
        status if status < 600 else 500,
        _of_request(response, "url"),
        _of_request(response, "method").upper(),
        headers,
        body,
        unread,
    )


def _body(response: Any) -> bytes:
    body = b""
    for chunk in _chunks(response):
        body += chunk
        if len(body) > LONGEST:
            response.close()
            raise ValueError(f"its body is longer than {LONGEST} bytes")
    return body


def _chunks(response: Any) -> Iterator[bytes]:
    for name in ("iter_content", "iter_bytes"):  # of requests, and of httpx
        if hasattr(response, name):
            return cast("Iterator[bytes]", getattr(response, name)(LONGEST))
    if hasattr(response, "read"):  # of urllib and http.client
        return iter([response.read(LONGEST + 1)])
    return iter([response.get_data()])


def _of_request(response: Any, name: str) -> str:
    for path in (name, f"request.{name}"):
        with suppress(Exception):  # httpx raises where there is no request
            return str(attrgetter(path)(response) or "")
    return ""


def parsed(written: bytes) -> dict[str, Any]:
    """Return the members of a JSON object, read strictly.

    :raises ValueError: for what is no UTF-8, no JSON (RFC 8259) or no object, and for what is
        nested too deep.
    """
    try:
        value: Any = json.loads(written.decode(), parse_constant=_refuse)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if not isinstance(value, dict):
        raise ValueError("it is no object")
    level: list[Any] = [value]
    for _ in range(DEEPEST):
        level = list(chain.from_iterable(map(_items, level)))
    if level:
        raise ValueError("it is nested too deep")
    return cast("dict[str, Any]", value)


def _items(value: Any) -> Iterable[Any]:
    items: Any = value
    if hasattr(items, "values"):
        items = items.values()
    return items if isinstance(value, (dict, list)) else ()


def _refuse(constant: str) -> Never:
    raise ValueError(f"{constant} is no number in JSON")
