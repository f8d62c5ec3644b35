"""Reporting: log record, incident id, signal."""

import logging
import random
import re
import uuid
from contextlib import suppress

from blinker import NamedSignal, Namespace
from flask import Flask, Response, has_request_context, request

from .failures import Failure
from .kinds import InternalServerError
from .levels import Level
from .raising import raised_at
from .settings import Settings, current

#: Sent with ``failure`` and ``response`` when a failure has been answered.
failure_answered: NamedSignal = Namespace().signal("failure-answered")

#: The key of the WSGI environment, where a server's access log can find it.
INCIDENT = "httpstatus.incident"
_LOGGER = "httpstatus.logger"

_CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029]"
_REQUEST_ID = r"[A-Za-z0-9._~:/+=@-]{1,128}"
# W3C Trace Context, Section 3.2; only a later version may have more at its end (Section 3.2.4).
_TRACEPARENT = (
    r"(?!ff|00.{54})[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?"
)


def is_unhandled(failure: Failure) -> bool:
    """Tell whether the failure is the 500 in which Flask has wrapped what nobody caught."""
    return (
        failure.__traceback__ is None and getattr(failure, "original_exception", None) is not None
    )


def new_incident(failure: Failure) -> str | None:
    """Return the id of this occurrence."""
    if is_unhandled(failure):
        # Flask has written the record of it.
        return current_incident()
    incident = request.environ[INCIDENT] = str(uuid.uuid4())
    return incident


def current_incident() -> str | None:
    """Return the id of what fails in this request, as log, page and ``instance`` have it.

    It is that of the failure that was answered last. Asked before that, as error trackers do, it
    is the one that a bug will have which nobody catches. None outside of a request, and where a
    500 is configured to have none.
    """
    if not has_request_context():
        return None
    environ = request.environ
    if INCIDENT not in environ and 500 in current().incident:
        environ[INCIDENT] = str(uuid.uuid4())
    incident: str | None = environ.get(INCIDENT)
    return incident


def report(failure: Failure, response: Response, app: Flask, settings: Settings) -> None:
    """Write the record of an answered failure and send the signal."""
    try:
        # Not app.logger: to touch it adds a handler, which a later basicConfig() would double.
        logger: logging.Logger = app.extensions.get(_LOGGER) or _logger_of(app)
        level = settings.log_levels.of(failure)
        # What nobody caught has Flask's record.
        if level and logger.isEnabledFor(level.number) and not is_unhandled(failure):
            _log(failure, response.status_code, logger, level)
    finally:
        # A broken log handler takes the signal from nobody.
        if failure_answered.receivers:
            failure_answered.send(
                app, _async_wrapper=app.ensure_sync, failure=failure, response=response
            )


def _logger_of(app: Flask) -> logging.Logger:
    # getLogger() takes a lock, and the name of an application is a property in Python.
    logger = app.extensions[_LOGGER] = logging.getLogger(app.name)
    return logger


def _log(failure: Failure, code: int, logger: logging.Logger, level: Level) -> None:
    if level.share < 1 and random.random() >= level.share:  # noqa: S311 - nobody gains by guessing
        return
    facts = _facts(code, type(failure), failure.type_uri, failure.incident)
    raised = raised_at(failure)
    # Made here for its place, which is that of the raise: where the stack is not written, the
    # place is all there is.
    record = logger.makeRecord(
        logger.name,
        level.number,
        raised.tb_frame.f_code.co_filename if raised else "(unknown file)",
        raised.tb_lineno if raised else 0,
        _text(
            f"{code} {failure.name} on {facts['path']} [{facts['method']}]: {failure.message}",
            failure.incident,
        ),
        (),
        (type(failure), failure, failure.__traceback__) if level.number >= logging.ERROR else None,
        raised.tb_frame.f_code.co_name if raised else "(unknown function)",
    )
    _stamp(record, facts)
    logger.handle(record)


def stamp_unhandled(record: logging.LogRecord) -> bool:
    """Give Flask's own record of what nobody caught what our records have; a filter of its logger.

    :return: True, for every record is written.
    """
    if record.funcName == "log_exception" and record.exc_info and has_request_context():
        # A filter that fails would take the answer with it.
        with suppress(Exception):
            incident = current_incident()
            _stamp(record, _facts(500, InternalServerError, None, incident))
            record.msg, record.args = _text(record.getMessage(), incident), ()
    return True


def _facts(
    code: int, kind: type[Failure], type_uri: str | None, incident: str | None
) -> dict[str, object]:
    environ = request.environ
    return {
        "status": code,
        "kind": kind.__name__,
        "type": type_uri,
        "incident": incident,
        "endpoint": request.endpoint,
        "method": one_line(request.method),
        "path": one_line(request.path),
        "request_id": _matched(_REQUEST_ID, environ.get("HTTP_X_REQUEST_ID")),
        "trace_id": _matched(_TRACEPARENT, environ.get("HTTP_TRACEPARENT")),
    }


def _matched(pattern: str, value: str | None) -> str | None:
    match = re.fullmatch(pattern, value) if value else None
    return match[match.lastindex or 0] if match else None


def _stamp(record: logging.LogRecord, facts: dict[str, object]) -> None:
    # What an application's own record factory has written stays.
    for name in facts.keys() - vars(record).keys():
        setattr(record, name, facts[name])


def _text(text: str, incident: str | None) -> str:
    # In the text, where a formatter without extras shows it, and last, where none can be forged.
    return one_line(text) if incident is None else f"{one_line(text)} (incident {incident})"


def one_line(text: str) -> str:
    """Return the text with control characters escaped, for they would forge a record (CWE-117)."""
    if text.isprintable():
        return text
    return re.sub(_CONTROL, lambda match: ascii(match[0])[1:-1], text)
