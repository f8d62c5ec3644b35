"""Answering: failure in, complete response out: headers, Vary, the safety net."""

import copy
import logging
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from typing import Any

from flask import Flask, Request, Response, current_app
from werkzeug.datastructures import Headers
from werkzeug.http import parse_set_header

from . import http
from .agreement import Agreement, Lines
from .failures import Failure
from .headers import HOP_BY_HOP
from .negotiation import DEFAULT, HTML, TEXT, Format, Formats
from .page import page, surroundings
from .preparing import prepared
from .raising import FailureWarning, warn_at_raise
from .rendering import RENDERERS
from .reporting import failure_answered, new_incident, report
from .settings import Settings, current_request, settings_of
from .texts import encodable

log: logging.Logger = logging.getLogger(__package__)


#: Where a view's formats are remembered for what others turn into a failure.
FORMATS_OF_VIEW = "httpstatus.formats"

# A failure's own Vary is added to ours.
_NOT_REPLACED = frozenset({"Vary", "X-Content-Type-Options"})


class MissingHeader(FailureWarning):
    """A failure is answered without a header that HTTP demands with its status."""


def respond(failure: Failure, app: Flask, formats: Formats | None = None) -> Response:
    """Return the answer to the failure, whatever else fails on the way.

    :param app: the application whose request it is.
    :param formats: those of the view; by default those of the blueprint, the URL prefix or all.
    """
    settings, request = settings_of(app), current_request()
    code = failure.code or 500
    status, demanded = _of_status(code)
    required = required_headers(failure, demanded, settings, request) if demanded else ()
    occurrence, offered = failure, DEFAULT
    try:
        offered = formats or _formats(settings, request, app)
        known = prepared(code, offered, settings, request, app)
        lines = known.lines
        text: str | bytes | None = known.written(failure, request)
        # Who hears the signal reads the language of the answer from the failure.
        if text is None or failure_answered.receivers:
            occurrence = _occurrence(failure, known.agreement.language, settings)
        if text is None:
            text, template = body_of(occurrence, known.agreement.format, settings, app)
            if template is not None:
                lines = known.agreement.lines(template)
        response = app.response_class(text, status, _headers(failure, lines, required, settings))
    except Exception:
        _mishap("Writing the answer to %s failed", failure)
        lines = Agreement(TEXT, "en", by_accept=len(offered) > 1, by_language=False).lines()
        # Not the application's response_class, which may be what failed.
        headers = _headers(failure, (), lines + required, settings)
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


def _occurrence(failure: Failure, language: str, settings: Settings) -> Failure:
    """Return the failure with its text read, its id given and its language chosen.

    That is a copy where it is not the failure itself, for the same instance may be raised again,
    by another thread and for another language.
    """
    incident = new_incident(failure) if failure.code in settings.incident else None
    given = failure.message
    message = given if type(given) is str and given.isascii() else _message(failure)
    if incident is None and message is given and language == failure.language:
        return failure
    occurrence = copy.copy(failure).with_traceback(failure.__traceback__)
    occurrence.__cause__ = failure.__cause__
    occurrence.__context__ = failure.__context__
    occurrence.__suppress_context__ = failure.__suppress_context__
    # Past a property that a class may have in the place of its message.
    vars(occurrence).update(incident=incident, message=message, language=language)
    return occurrence


def _message(failure: Failure) -> str:
    try:
        return encodable(str(failure.message))
    except Exception:
        _mishap("Reading the message of %s failed", failure)
        return failure.name


def _formats(settings: Settings, request: Request, app: Flask) -> Formats:
    of_view: Formats | None = request.environ.get(FORMATS_OF_VIEW)
    if of_view is not None:
        return of_view
    if not (settings.blueprints or settings.formats.prefixes or settings.renderers):
        return DEFAULT
    # The request is asked for no more than the settings need.
    within = (app.blueprints[name] for name in request.blueprints) if settings.blueprints else ()
    return settings.formats_offered(within, request.path)


def body_of(
    failure: Failure, format_: Format, settings: Settings, app: Flask
) -> tuple[str | bytes, bool | None]:
    """Return the failure as it is written in this format, and what ``page()`` says of a page."""
    if format_ is HTML:
        return page(failure, surroundings(failure.code or 500, app))
    renderer = RENDERERS.get(format_)
    if renderer is not None:
        return renderer(failure), None
    body = settings.renderers[format_](failure)
    return body if isinstance(body, (str, bytes)) else app.json.dumps(body), None


class _Headers(Headers):
    """Headers with Vary in one line: Werkzeug's ``response.vary`` loses all lines but the first."""

    def begin(self, lines: Lines) -> None:
        """Begin with headers that are known to be good.

        The public way, ``headers[:] = lines``, looks for line ends in each of them, which takes
        3 % of a request, and 5 % for the headers of a page.
        """
        self._list.extend(lines)

    def add(self, key: str, value: Any, /, **parameters: Any) -> None:
        """Add a header, to the line that is there if it is Vary."""
        if key.lower() == "vary" and key in self:
            vary = parse_set_header(self[key])
            vary.update(parse_set_header(value))
            # RFC 9110, Section 12.5.5: "*" stands alone.
            self[key] = "*" if "*" in vary else vary.to_header()
        else:
            super().add(key, value, **parameters)


def _headers(failure: Failure, ready: Lines, required: Lines, settings: Settings) -> Headers:
    headers = _Headers()
    own = vars(failure).get("headers")
    if own:
        # What the failure says of its own wins, but for what is added to and for nosniff.
        ready, required = (
            tuple(line for line in lines if line[0] not in own or line[0] in _NOT_REPLACED)
            for lines in (ready, required)
        )
    if ready:
        headers.begin(ready)
    for name, value in required:
        headers.add(name, value)
    for name, value in own or ():
        lower = name.lower()
        if lower != "x-content-type-options" and (settings.hop_by_hop or lower not in HOP_BY_HOP):
            headers.add(name, value)
    return headers


@lru_cache(maxsize=256)
def _of_status(code: int) -> tuple[str, tuple[str, ...]]:
    """Return the status line, and the names of the headers that HTTP demands with the status."""
    facts = http.facts(code)
    demanded = [header.name for header in facts.required_headers if header.level == "MUST"]
    # Werkzeug's own phrases differ from the RFC's, and it has none for unofficial codes.
    return f"{code} {facts.phrase}", tuple(demanded)


def required_headers(
    failure: Failure, demanded: Iterable[str], settings: Settings, request: Request
) -> Lines:
    """Return what is demanded and the failure does not have.

    Allow is derived from the routes, a challenge is taken from the settings. For the rest, the
    developer is warned with a ``MissingHeader`` that points at the raise.

    :param demanded: the names of the headers that HTTP demands with the status.
    """
    added: list[tuple[str, str]] = []
    missing: list[str] = []
    for name in demanded:
        if name in failure.headers:
            continue
        if name == "Allow":
            added.append(("Allow", ", ".join(_allowed_methods(request))))
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
    return tuple(added)


def _allowed_methods(request: Request) -> list[str]:
    try:
        adapter = current_app.create_url_adapter(request)
        allowed = set(adapter.allowed_methods()) if adapter else set[str]()
    except Exception:
        allowed = set[str]()
    # Flask answers HEAD with the view of GET, which refuses both.
    refused = {"GET", "HEAD"} if request.method in {"GET", "HEAD"} else {request.method}
    return sorted(allowed - refused)
