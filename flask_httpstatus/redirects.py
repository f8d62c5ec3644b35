"""Redirects: redirect(), the raisable redirects, what is a safe location."""

import logging
import re
from contextlib import suppress
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import quote

from flask import Response, current_app, has_request_context, request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.urls import iri_to_uri

from . import http, settings
from .headers import HOP_BY_HOP, HeadersGiven, checked_header
from .kinds import BadRequest

log: logging.Logger = logging.getLogger(__package__)

# The statuses that send the client to the Location (RFC 9110, Sections 15.4.2 to 15.4.9).
_STATUSES = (
    http.MOVED_PERMANENTLY,
    http.FOUND,
    http.SEE_OTHER,
    http.TEMPORARY_REDIRECT,
    http.PERMANENT_REDIRECT,
)

#: What every server and client should take (RFC 9110, Section 4.1); more is an attack or a bug,
#: and would fail in a proxy or server, out of the application's sight.
MAX_LENGTH = 8000

# It says nothing of the target: this page is seen only where the browser does not follow.
_BODY = """<!doctype html>
<html lang="en">
<title>Redirecting</title>
<h1>Redirecting</h1>
<p>The page is at another address, and your browser should go there by itself.</p>
"""


class UnsafeRedirect(BadRequest):
    """A redirect would have led away from this site, or to what is no plain location.

    The client is told nothing of the target; the log is, by a record of its own. To allow
    another site, list its host in FAILURES_REDIRECT_HOSTS or pass ``external=True``; to go
    somewhere in any case, pass a ``fallback``.
    """


# The rule: accept the few shapes that mean the same to every reader, and send exactly those
# characters. It is about the location as it is sent, where everything that is not ASCII, and
# whatever of ASCII a URL may not have, is percent-encoded; so no browser has anything to clean
# up, to guess or to map, which is what every known bypass lives on.
_CONTROL = r"[\x00-\x1f\x7f]"  # browsers drop tab and newline wherever they stand
_SAFE = "%/?#:@!$&'()*+,;="  # RFC 3986, Section 2.2, but "[" and "]"; Werkzeug sends them as well
_CHARACTER = r"[\w.~!$&'()*+,;=:@-]"
# A segment is not empty: "//" starts a host, and one in the middle is moved to the front where a
# proxy cuts off a prefix. It is no "." or "..", which let "/.//evil.example" do the same. It has
# no "/", "\", "." or control character in disguise, so it is one segment to those who decode it.
_SEGMENT = rf"(?!\.\.?(?:[/?#]|\Z))(?:{_CHARACTER}|%(?![01]|2[EF]|5C|7F)[0-9A-F]{{2}})+"
_LOCAL = (
    r"(?ai)(?:/|(?![^/?#]*(?::|%3A)))"  # "/..." or "..." without a colon, which would end a scheme
    rf"(?:{_SEGMENT}(?:/{_SEGMENT})*/?)?"
    r"(?:\?[^#]*)?(?:#.*)?"  # neither is read when the host is looked for
)
# No userinfo, and no "\", which browsers read as "/" and other readers do not.
_ABSOLUTE = r"(?ai)(https?)://([^/?#@\\]+)([/?#].*)?"
_DEFAULT_PORT = {"http": ":80", "https": ":443"}


def _sendable(target: object, *, external: bool) -> str | None:
    """Return the characters to send in Location, or None for what is not safe."""
    if (
        not isinstance(target, str)
        or not 0 < len(target) <= MAX_LENGTH
        or re.search(_CONTROL, target)
    ):
        return None
    try:
        if absolute := re.fullmatch(_ABSOLUTE, target):
            scheme, host = absolute[1].lower(), _ascii_host(absolute[2])
            rest = quote(absolute[3] or "", _SAFE)
            # Where a developer vouches for the target, only the host has to be unmistakable.
            allowed = external or (_is_ours(scheme, host) and re.fullmatch(_LOCAL, rest))
            if not (allowed and re.fullmatch(settings.HOST, host)):
                return None
            location = f"{scheme}://{host}{rest}"
        else:
            location = quote(target, _SAFE)
            if not re.fullmatch(_LOCAL, location):
                return None
        # As it leaves Werkzeug, which only drops an empty query or fragment from these shapes ("?"
        # alone is sent empty, and browsers stay where they are). Done here, so that what it cannot
        # take, such as port 99999, fails here as well.
        location = iri_to_uri(location)
    except ValueError:  # a lone surrogate, or a host that IDNA or urllib refuses
        return None
    return location if len(location) <= MAX_LENGTH else None


def _ascii_host(host: str) -> str:
    """Return a host as it is sent, "" for one that is spelt so that IDNA changes it."""
    if host.isascii():
        return host.lower()
    name, colon, port = host.partition(":")
    encoded = name.encode("idna")
    # The way back has to lead to the same name: "ex\u212aample" or "\u24d4xample" were mapped.
    return encoded.decode() + colon + port if encoded.decode("idna") == name else ""


def _is_ours(scheme: str, host: str) -> bool:
    """Tell whether the host is the one asked, or is listed, without a step down to http."""
    hosts = settings.current().redirect_hosts
    if has_request_context():
        with suppress(SecurityError):  # TRUSTED_HOSTS rejects it: then no host is our own
            hosts |= {request.host.lower()}
    if scheme == "http" and not (has_request_context() and request.scheme == "http"):
        return False
    port = _DEFAULT_PORT[scheme]
    return host.removesuffix(port) in {one.removesuffix(port) for one in hosts}


def is_safe_location(target: object) -> bool:
    """Tell whether ``redirect()`` would take the target: whether it stays on this site.

    The site is the host that was asked for, as Flask trusts it, and FAILURES_REDIRECT_HOSTS.

    :param target: what is to be redirected to, often ``request.args.get("next")``. Anything but
        a str is not safe.
    """
    return _sendable(target, external=False) is not None


def redirect(
    location: str | None,
    status: int = http.FOUND,
    *,
    external: bool = False,
    fallback: str | None = None,
) -> Response:
    """Return a response that sends the client to the location, if that is on this site.

    RFC 9110, Section 15.4. It needs an application context, as in a view.

    :param location: a path or URL: of ``url_for``, or of anywhere. None, an empty and an unsafe
        one are refused, or replaced by the fallback.
    :param status: 302 FOUND, or 301, 303, 307 or 308.
    :param external: whether it may lead to any host by http or https; never pass it for a
        location that comes from the request.
    :param fallback: a location of your own to go to instead of an unsafe one.
    :raises UnsafeRedirect: for an unsafe location without a fallback.
    :raises ValueError: for another status, or a fallback that is not safe.
    """
    if status not in _STATUSES:
        allowed = ", ".join(str(int(one)) for one in _STATUSES)
        raise ValueError(
            f"redirect() takes one of {allowed}, not {status!r}; "
            "for 304 raise NotModified, for 4xx and 5xx raise a failure"
        )
    sent = _sendable(location, external=external)
    if fallback is not None:
        # Judged even if it is not needed: the mistake shows at once, not at the first attack.
        safe_fallback = _sendable(fallback, external=external)
        if safe_fallback is None:
            raise ValueError(
                f"fallback={fallback!r} is not safe itself; give a path of this site, such as "
                "url_for('home')"
            )
        sent = safe_fallback if sent is None else sent
    if sent is None:
        raise _refused(location)
    response = current_app.response_class(_BODY, status, mimetype="text/html")
    response.headers["Location"] = sent
    return response


def _refused(location: object) -> UnsafeRedirect:
    text = ascii(location)
    shown = text if len(text) <= MAX_LENGTH else f"{text[:MAX_LENGTH]}... ({len(text)} characters)"
    note = (
        f"redirect() refused {shown}: it leads away from this site, or is no plain location. "
        "If it should be allowed, list its host in FAILURES_REDIRECT_HOSTS, or pass external=True "
        "where it does not come from the request; a fallback=... replaces it."
    )
    # A record of its own: that of a 4xx has no notes, and whoever runs the site should see this.
    log.warning("%s", note)
    failure = UnsafeRedirect()
    failure.add_note(note)
    return failure


class Redirection(HTTPException):
    """Raised anywhere below a view, it sends the client elsewhere; no failure.

    It is to ``redirect()`` what ``abort()`` is to a response, and is raised and passed on by
    Flask itself, with and without the extension. 302 FOUND, if it is no kind with a status.

    :param location: as in ``redirect()``.
    :param external: as in ``redirect()``.
    :param fallback: as in ``redirect()``.
    :param headers: sent with the redirect.
    :raises UnsafeRedirect: for an unsafe location without a fallback.
    :raises ValueError: for a header that HTTP forbids, or a fallback that is not safe.
    """

    #: The status that it is sent with.
    status: ClassVar[HTTPStatus] = http.FOUND

    def __init__(
        self,
        location: str | None,
        *,
        external: bool = False,
        fallback: str | None = None,
        headers: HeadersGiven | None = None,
    ) -> None:
        self._answer(redirect(location, self.status, external=external, fallback=fallback), headers)

    def _answer(self, response: Response, headers: HeadersGiven | None) -> None:
        for name, value in Headers(headers):
            if name.lower() in HOP_BY_HOP | {"location"}:
                raise ValueError(f"{name} is not to be given: the server or the location sets it")
            response.headers.add(*checked_header(name, value))
        # Werkzeug answers with the response, and Flask leaves alone what has no code.
        super().__init__(description=response.location, response=response)

    def __str__(self) -> str:
        return " ".join(filter(None, [f"{self.status:d}", self.status.phrase, self.description]))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {str(self)!r}>"

    def __reduce__(self) -> tuple[Any, ...]:
        # Without the constructor, which would judge again, in another context or in none.
        return _blank, (type(self),), self.__dict__


def _blank(kind: type[Redirection]) -> Redirection:
    return kind.__new__(kind)


class MovedPermanently(Redirection):
    """Raise for what has a new address for good; browsers and search engines remember it."""

    status = http.MOVED_PERMANENTLY


class Found(Redirection):
    """Raise for what is at another address for now; a POST is usually followed by a GET."""

    status = http.FOUND


class SeeOther(Redirection):
    """Raise after a form was handled, to show a page by GET; the one for HTMX and Turbo."""

    status = http.SEE_OTHER


class NotModified(Redirection):
    """Raise when what the client has in its cache is still right.

    :param headers: those that a 200 would have: ETag, Cache-Control, Vary, Expires, Date
        (RFC 9110, Section 15.4.5).
    """

    status = http.NOT_MODIFIED

    def __init__(self, *, headers: HeadersGiven | None = None) -> None:
        self._answer(current_app.response_class(status=self.status), headers)


class TemporaryRedirect(Redirection):
    """Raise for what is at another address for now, when method and body are to be kept."""

    status = http.TEMPORARY_REDIRECT


class PermanentRedirect(Redirection):
    """Raise for what has a new address for good, when method and body are to be kept."""

    status = http.PERMANENT_REDIRECT
