"""Headers: what HTTP allows in the headers of a failure, checked when it is built."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, cast

from werkzeug.datastructures import Headers, WWWAuthenticate
from werkzeug.http import http_date, parse_date

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
OF_THE_BODY = frozenset({"content-type", "content-length", "content-encoding", "transfer-encoding"})
#: RFC 9110, Section 5.6.2
TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
#: What no value of a header may have (RFC 9110, Section 5.5).
CONTROL = r"[\x00-\x08\x0a-\x1f\x7f]"
#: An absolute URI (RFC 3986, Section 4.3).
ABSOLUTE_URI = r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+"

_PROTOCOL = rf"{TOKEN}(?:/{TOKEN})?"
_CHALLENGE = rf"{TOKEN}(?: .+)?"


def pairs(given: HeadersGiven) -> Iterable[tuple[Any, Any]]:
    """Return names and values, of a dict, of Werkzeug's Headers or of pairs.

    :raises TypeError: for anything else.
    """
    if isinstance(given, (Mapping, Headers)):
        return cast("Mapping[str, Any]", given).items()
    several: Any = given
    if not isinstance(given, Iterable) or isinstance(given, str):
        raise TypeError(f"headers={given!r} is no dict, nor a list of names and values")
    rows: list[Any] = [*several]
    for row in rows:
        if not isinstance(row, (tuple, list)) or len(cast("list[Any]", row)) != 2:
            raise TypeError(f"headers has {row!r}; each is a name and a value: ('ETag', '\"7\"')")
    return rows


def checked_header(name: str, value: object) -> tuple[str, str]:
    """Return the header as it is sent.

    :raises TypeError: for a value that is neither text nor a number.
    :raises ValueError: for a name or value that RFC 9110, Section 5 forbids, or that PEP 3333
        cannot carry, and for a header that describes the body.
    """
    if not isinstance(name, str) or not re.fullmatch(TOKEN, name):
        raise ValueError(f"{name!r} is no header name; it may have letters, digits and '-'")
    if name.lower() in OF_THE_BODY:
        raise ValueError(f"{name} describes the body, which is made by the format: leave it out")
    if not isinstance(value, (str, int)):
        raise TypeError(f"{name}: {value!r} is no str or int; give several as a list of pairs")
    text = str(value).strip(" \t")
    if re.search(CONTROL, text):
        raise ValueError(f"{name}: {text!r} has control characters; remove them")
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        raise ValueError(f"{name}: {text!r} is not Latin-1; encode it as its RFC says") from None
    if name.lower() == "retry-after" and not (text.isdecimal() or is_http_date(text)):
        raise ValueError(f"{name}: {text!r} is neither seconds nor a date; pass retry_after=")
    return name, text


def is_http_date(text: str) -> bool:
    """Tell whether the text is a date in the form that is sent (RFC 9110, Section 5.6.7)."""
    date = parse_date(text)
    return date is not None and http_date(date) == text


def checked_retry_after(retry_after: Any) -> int | datetime:
    """Return seconds from now, or the time in UTC.

    :raises TypeError: for anything but an int, a timedelta or a datetime.
    :raises ValueError: for less than no time, and for a time beyond the calendar of UTC.
    """
    if isinstance(retry_after, timedelta):
        # Rounded up: after the time that is told, the retry has to succeed.
        seconds, rest = divmod(retry_after, timedelta(seconds=1))
        retry_after = seconds + bool(rest)
    if isinstance(retry_after, datetime):
        if retry_after.utcoffset() is None:
            return retry_after.replace(tzinfo=UTC)
        try:
            return retry_after.astimezone(UTC)
        except OverflowError:
            raise ValueError(f"retry_after={retry_after!r} is no time in UTC") from None
    if isinstance(retry_after, bool) or not isinstance(retry_after, int):
        raise TypeError(f"retry_after={retry_after!r} is no int (seconds), timedelta or datetime")
    if retry_after < 0:
        raise ValueError(f"retry_after={retry_after!r} is in the past; 0 means now")
    return retry_after


def retry_after_header(retry_after: int | datetime) -> str:
    """Return the value of Retry-After (RFC 9110, Section 10.2.3)."""
    return str(retry_after) if isinstance(retry_after, int) else http_date(retry_after)


def checked_challenges(given: Challenges) -> tuple[str, ...]:
    """Return the challenges as they are sent (RFC 9110, Section 11.6.1).

    :raises TypeError: for what is neither a WWWAuthenticate nor a str, nor several of them.
    :raises ValueError: for what begins with no scheme, or no header can carry.
    """
    challenges: list[str] = []
    for one in _several(given, (str, WWWAuthenticate), "challenge", "WWWAuthenticate('bearer')"):
        _, challenge = checked_header("WWW-Authenticate", str(one))
        if not re.fullmatch(_CHALLENGE, challenge):
            raise ValueError(f"challenge={challenge!r} begins with no scheme such as 'Bearer'")
        challenges.append(challenge)
    return tuple(challenges)


def checked_methods(given: Iterable[str]) -> tuple[str, ...]:
    """Return the methods, sorted.

    :raises TypeError: for what is no str, nor several of them.
    :raises ValueError: for one that is no token (RFC 9110, Section 9.1).
    """
    methods: set[str] = set(_several(given, str, "allowed", "'GET'"))
    for method in methods:
        if not re.fullmatch(TOKEN, method):
            raise ValueError(f"allowed has {method!r}, which is no method such as 'GET'")
    return tuple(sorted(methods))


def checked_protocols(given: str | Iterable[str]) -> str:
    """Return the value of Upgrade (RFC 9110, Section 7.8).

    :raises TypeError: for what is no str, nor several of them.
    :raises ValueError: for what is no protocol, and for none at all.
    """
    protocols: list[str] = _several(given, str, "upgrade", "'TLS/1.3'")
    if not protocols or not all(re.fullmatch(_PROTOCOL, one) for one in protocols):
        raise ValueError(f"upgrade={given!r} is no protocol such as 'TLS/1.3', nor several")
    return ", ".join(protocols)


def unsatisfied_range(length: int, units: str) -> str:
    """Return the value of Content-Range that tells how much there is (RFC 9110, Section 14.4).

    :raises TypeError: for a length that is no int.
    :raises ValueError: for less than nothing, and for units that are no token.
    """
    if isinstance(length, bool) or not isinstance(length, int):
        raise TypeError(f"length={length!r} is no int: how many {units} there are")
    if length < 0:
        raise ValueError(f"length={length!r} is less than nothing; leave it out if not known")
    if not isinstance(units, str) or not re.fullmatch(TOKEN, units):
        raise ValueError(f"units={units!r} is no token such as 'bytes'")
    return f"{units} */{length}"


def blocked_by_link(uri: str) -> str:
    """Return the value of Link that tells who blocks (RFC 7725, Section 4; RFC 8288, Section 3).

    :raises ValueError: for what is no absolute URI.
    """
    if not isinstance(uri, str) or not re.fullmatch(ABSOLUTE_URI, uri):
        raise ValueError(f"blocked_by={uri!r} is no absolute URI such as 'https://isp.example/'")
    return f'<{uri}>; rel="blocked-by"'


def _several(given: Any, kind: Any, name: str, example: str) -> list[Any]:
    several: list[Any] = [given]
    if not isinstance(given, kind) and hasattr(given, "__iter__"):
        several = list(given)
    for one in several:
        if not isinstance(one, kind):
            raise TypeError(f"{name} has {one!r}; give one such as {example}, or a list of them")
    return several
