"""Answering: failure in, complete response out: headers, Vary, the safety net."""

import copy
import logging
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Flask, Response, current_app, request
from werkzeug.datastructures import Headers
from werkzeug.http import parse_set_header

from . import http
from .failures import Failure
from .headers import HOP_BY_HOP
from .negotiation import HTML, TEXT, Format, Formats, negotiate
from .page import page
from .raising import FailureWarning, warn_at_raise
from .rendering import RENDERERS
from .reporting import new_incident, report
from .settings import Settings, settings_of
from .texts import encodable
from .translations import spoken

log: logging.Logger = logging.getLogger(__package__)


#: Where a view's formats are remembered for what others turn into a failure.
FORMATS_OF_VIEW = "httpstatus.formats"


class MissingHeader(FailureWarning):
    """A failure is answered without a header that HTTP demands with its status."""


def respond(failure: Failure, app: Flask, formats: Formats | None = None) -> Response:
    """Return the answer to the failure, whatever else fails on the way.

    :param app: the application whose request it is.
    :param formats: those of the view; by default those of the blueprint, the URL prefix or all.
    """
    # Each of Flask's proxies costs a hundredth of a request, so they are asked once.
    settings, environ = settings_of(app), request.environ
    required = required_headers(failure, settings)
    status = _status_line(int(failure.status))
    occurrence, chosen_by = failure, ""
    try:
        accept_language = environ.get("HTTP_ACCEPT_LANGUAGE", "")
        language, wished = _language(failure, settings.languages, accept_language, app)
        occurrence = _occurrence(failure, language, settings)
        offered: Formats = formats or environ.get(FORMATS_OF_VIEW) or _formats(settings, app)
        if len(offered) > 1:
            chosen_by = "Accept"
        format_ = negotiate(offered, environ.get("HTTP_ACCEPT", ""))
        body = body_of(occurrence, format_, settings, app)
        if wished and body.translated:
            chosen_by = f"{chosen_by}, Accept-Language" if chosen_by else "Accept-Language"
        about = [("Content-Type", _content_type(format_))]
        # Of the other formats only the title is translated: the message is as it was written.
        if body.translated and format_ is HTML:
            about.append(("Content-Language", language))
        if body.policy is not None:
            about.append(("Content-Security-Policy", body.policy))
        headers = _headers(failure, [*about, *required], chosen_by, settings)
        response = app.response_class(body.text, status, headers)
    except Exception:
        _mishap("Writing the answer to %s failed", failure)
        about = [("Content-Type", _content_type(TEXT))]
        headers = _headers(failure, [*about, *required], chosen_by, settings)
        # Not the application's response_class, which may be what failed.
        response = Response(f"{status}\n", status, headers)
    try:
        report(occurrence, response, app, settings)
    except Exception:
        _mishap("Reporting %s failed", failure)
    return response


def _mishap(message: str, failure: Failure) -> None:
    # Where the logger itself is broken, there is nobody to be told.
    with suppress(Exception):
        log.error(message, type(failure).__name__, exc_info=sys.exception())


def _language(
    failure: Failure, offered: tuple[str, ...], accept_language: str, app: Flask
) -> tuple[str, bool]:
    try:
        return spoken(offered, accept_language, app)
    except Exception:
        # Flask-Babel asks the application.
        _mishap("Choosing the language of %s failed", failure)
        return offered[0], False


def _occurrence(failure: Failure, language: str, settings: Settings) -> Failure:
    """Return the failure with its text read, its id given and its language chosen.

    That is a copy where it is not the failure itself, for the same instance may be raised again,
    by another thread and for another language.
    """
    incident = new_incident(failure, settings)
    message = _message(failure)
    if incident is None and message is failure.message and language == failure.language:
        return failure
    occurrence = copy.copy(failure).with_traceback(failure.__traceback__)
    occurrence.__cause__ = failure.__cause__
    occurrence.__context__ = failure.__context__
    occurrence.__suppress_context__ = failure.__suppress_context__
    occurrence.incident, occurrence.message, occurrence.language = incident, message, language
    return occurrence


def _message(failure: Failure) -> str:
    try:
        return encodable(str(failure.message))
    except Exception:
        _mishap("Reading the message of %s failed", failure)
        return failure.name


def _formats(settings: Settings, app: Flask) -> Formats:
    # The request is asked for no more than the settings need.
    within = (app.blueprints[name] for name in request.blueprints) if settings.blueprints else ()
    return settings.formats_offered(within, request.path if settings.formats else "")


class Body(NamedTuple):
    """What is answered in some format.

    :param translated: whether any of it is in the language of the answer.
    :param policy: its Content-Security-Policy, where it is a page of ours.
    """

    text: str | bytes
    translated: bool
    policy: str | None = None


def body_of(failure: Failure, format_: Format, settings: Settings, app: Flask) -> Body:
    """Return the failure as it is written in this format."""
    if format_ is HTML:
        return Body(*page(failure, app))
    renderer = RENDERERS.get(format_)
    if renderer is not None:
        return Body(renderer(failure), translated=True)
    body = settings.renderers[format_](failure)
    text = body if isinstance(body, (str, bytes)) else app.json.dumps(body)
    return Body(text, translated=False)


@lru_cache(maxsize=256)
def _content_type(format_: Format) -> str:
    text = format_.media_type.startswith("text/")
    return f"{format_.media_type}; charset=utf-8" if text else format_.media_type


class _Headers(Headers):
    """Headers with Vary in one line: Werkzeug's ``response.vary`` loses all lines but the first."""

    def add(self, key: str, value: Any, /, **parameters: Any) -> None:
        """Add a header, to the line that is there if it is Vary."""
        if len(key) == 4 and key in self and key.lower() == "vary":
            vary = parse_set_header(self[key])
            vary.update(parse_set_header(value))
            # RFC 9110, Section 12.5.5: "*" stands alone.
            self[key] = "*" if "*" in vary else vary.to_header()
        else:
            super().add(key, value, **parameters)


def _headers(
    failure: Failure, added: Iterable[tuple[str, str]], chosen_by: str, settings: Settings
) -> Headers:
    headers, own = _Headers(), failure.headers
    # One by one and past our own add(), which takes a third of the time of Headers([...]).
    add = super(_Headers, headers).add
    add("X-Content-Type-Options", "nosniff")
    if chosen_by:
        add("Vary", chosen_by)
    for name, value in added:
        if not own or name not in own:
            add(name, value)
    for name, value in own:
        lower = name.lower()
        if lower != "x-content-type-options" and (settings.hop_by_hop or lower not in HOP_BY_HOP):
            headers.add(name, value)
    return headers


@lru_cache(maxsize=256)
def _status_line(code: int) -> str:
    # Werkzeug's own phrases differ from the RFC's, and it has none for unofficial codes.
    return f"{code} {http.facts(code).phrase}"


def required_headers(failure: Failure, settings: Settings) -> list[tuple[str, str]]:
    """Return the headers that HTTP demands with the status and the failure does not have.

    Allow is derived from the routes, a challenge is taken from the settings. For the rest, the
    developer is warned with a ``MissingHeader`` that points at the raise.
    """
    added: list[tuple[str, str]] = []
    missing: list[str] = []
    for name in _demanded_headers(failure.status):
        if name in failure.headers:
            continue
        if name == "Allow":
            added.append(("Allow", ", ".join(_allowed_methods())))
        elif name == "WWW-Authenticate" and settings.challenge:
            added += ((name, challenge) for challenge in settings.challenge)
        else:
            missing.append(name)
    if missing:
        warn_at_raise(
            failure,
            f"{type(failure).__name__} is answered without {' and '.join(missing)}, which HTTP "
            f"demands ({http.facts(failure.status).reference}); write {failure.remedy}",
            MissingHeader,
        )
    return added


@lru_cache(maxsize=256)
def _demanded_headers(status: http.Status) -> tuple[str, ...]:
    return tuple(
        header.name for header in http.facts(status).required_headers if header.level == "MUST"
    )


def _allowed_methods() -> list[str]:
    try:
        adapter = current_app.create_url_adapter(request)
        allowed = set(adapter.allowed_methods()) if adapter else set[str]()
    except Exception:
        allowed = set[str]()
    # Flask answers HEAD with the view of GET, which refuses both.
    refused = {"GET", "HEAD"} if request.method in {"GET", "HEAD"} else {request.method}
    return sorted(allowed - refused)
