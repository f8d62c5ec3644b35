"""Reporting: log record, incident id, signal."""

import logging
import re
import uuid

from blinker import Namespace
from flask import Response, current_app, request
from flask.globals import app_ctx

from .failures import Failure
from .settings import Settings

#: Sent with ``failure`` and ``response`` when a failure has been answered.
failure_answered = Namespace().signal("failure-answered")

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def new_incident(failure: Failure, settings: Settings) -> str | None:
    """Return the id of this occurrence, None where the status is not configured to have one."""
    return str(uuid.uuid4()) if failure.code in settings.incident else None


def report(failure: Failure, response: Response, settings: Settings) -> None:
    """Write the record of an answered failure and send the signal."""
    try:
        _log(failure, settings)
    finally:
        # A broken log handler takes the signal from nobody.
        if failure_answered.receivers:
            failure_answered.send(app_ctx.app, failure=failure, response=response)


def _log(failure: Failure, settings: Settings) -> None:
    if failure.__traceback__ is None and getattr(failure, "original_exception", None) is not None:
        # What nobody caught and Flask has wrapped: Flask has written the record of it.
        return
    # Not app.logger: to touch it adds a handler, which a later basicConfig() would double.
    logger = logging.getLogger(current_app.name)
    code = int(failure.status)
    level = settings.log_levels[code]
    if logger.isEnabledFor(level):
        logger.log(
            level,
            "%s on %s [%s]: %s",
            f"{code} {failure.name}",
            _one_line(request.path),
            _one_line(request.method),
            _one_line(failure.message),
            exc_info=failure if code >= 500 else None,
            extra={
                "status": code,
                "kind": type(failure).__name__,
                "incident": failure.incident,
            },
        )


def _one_line(text: str) -> str:
    # A line break in a message or path would forge a record (CWE-117).
    return _CONTROL.sub(lambda match: ascii(match[0])[1:-1], text)
