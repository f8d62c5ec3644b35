"""Headers: what HTTP allows in the headers of a failure, checked when it is built."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from werkzeug.datastructures import WWWAuthenticate
from werkzeug.http import http_date

HeadersGiven: TypeAlias = Mapping[str, str | int] | Iterable[tuple[str, str | int]]
Challenge: TypeAlias = WWWAuthenticate | str
Challenges: TypeAlias = Challenge | Iterable[Challenge]

#: RFC 9110, Section 7.6.1; PEP 3333 forbids an application to send them.
HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "trailers",
        "transfer-encoding",
        "upgrade",
    }
)
#: What these describe is the body, which is not yet written when a failure is raised.
OF_THE_BODY = frozenset({"content-type", "content-length", "content-encoding"})

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, Section 5.6.2
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")  # RFC 3986


def checked_header(name: str, value: object) -> tuple[str, str]:
    """Return the header as it is sent.

    :raises ValueError: for a name or value that RFC 9110, Section 5 forbids, or that PEP 3333
        cannot carry, and for a header that describes the body.
    """
    if not isinstance(name, str) or not _TOKEN.fullmatch(name):
        raise ValueError(f"{name!r} is no header name; it may have letters, digits and '-'")
    if name.lower() in OF_THE_BODY:
        raise ValueError(f"{name} describes the body, which is made by the format: leave it out")
    text = str(value).strip(" \t")
    if _CONTROL.search(text):
        raise ValueError(f"{name}: {text!r} has control characters; remove them")
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        raise ValueError(f"{name}: {text!r} is not Latin-1; encode it as its RFC says") from None
    return name, text


def checked_retry_after(retry_after: Any) -> int | datetime:
    """Return seconds from now, or the time in UTC.

    :raises TypeError: for anything but an int, a timedelta or a datetime.
    :raises ValueError: for less than no time.
    """
    if isinstance(retry_after, timedelta):
        # Rounded up: after the time that is told, the retry has to succeed.
        retry_after = -(-retry_after // timedelta(seconds=1))
    if isinstance(retry_after, datetime):
        return retry_after if retry_after.tzinfo else retry_after.replace(tzinfo=UTC)
    if isinstance(retry_after, bool) or not isinstance(retry_after, int):
        raise TypeError(f"retry_after={retry_after!r} is no int, timedelta or datetime")
    if retry_after < 0:
        raise ValueError(f"retry_after={retry_after!r} is in the past; 0 means now")
    return retry_after


def retry_after_header(retry_after: int | datetime) -> str:
    """Return the value of Retry-After (RFC 9110, Section 10.2.3)."""
    return str(retry_after) if isinstance(retry_after, int) else http_date(retry_after)


def checked_challenges(given: Challenges) -> tuple[str, ...]:
    """Return the challenges as they are sent (RFC 9110, Section 11.3).

    :raises ValueError: for what no header can carry.
    """
    several: list[Challenge]
    several = [given] if isinstance(given, (str, WWWAuthenticate)) else list(given)
    return tuple(checked_header("WWW-Authenticate", challenge)[1] for challenge in several)


def checked_methods(given: Iterable[str]) -> tuple[str, ...]:
    """Return the methods, sorted.

    :raises ValueError: for one that is no token (RFC 9110, Section 9.1).
    """
    methods = tuple(sorted(set([given] if isinstance(given, str) else given)))
    for method in methods:
        if not _TOKEN.fullmatch(method):
            raise ValueError(f"{method!r} is no method such as 'GET'")
    return methods


def checked_protocols(given: str | Iterable[str]) -> str:
    """Return the value of Upgrade (RFC 9110, Section 7.8).

    :raises ValueError: for what is no protocol.
    """
    protocols = [given] if isinstance(given, str) else list(given)
    for protocol in protocols:
        name, slash, version = protocol.partition("/")
        if not _TOKEN.fullmatch(name) or (slash and not _TOKEN.fullmatch(version)):
            raise ValueError(f"upgrade={protocol!r} is no protocol such as 'TLS/1.3'")
    return ", ".join(protocols)


def blocked_by_link(uri: str) -> str:
    """Return the value of Link that tells who blocks (RFC 7725, Section 4; RFC 8288, Section 3).

    :raises ValueError: for what is no absolute URI.
    """
    if not _URI.fullmatch(uri):
        raise ValueError(f"blocked_by={uri!r} is no absolute URI")
    return f'<{uri}>; rel="blocked-by"'
