"""Tracing: what the current span of OpenTelemetry is told of a failure."""

from typing import TYPE_CHECKING

from .failures import Failure
from .reporting import is_unhandled

try:
    from opentelemetry.trace import get_current_span
except ModuleNotFoundError:
    raise ModuleNotFoundError(
        "OpenTelemetry is not there; install Flask-HTTPStatus[opentelemetry]", name="opentelemetry"
    ) from None

if TYPE_CHECKING:
    from flask import Flask, Response

__all__ = ["trace_failure"]

#: The attribute with the id of the occurrence, which no semantic convention has a name for.
INCIDENT = "flask_httpstatus.incident"


def trace_failure(_: "Flask", failure: Failure, response: "Response") -> None:
    """Tell the current span of a failure; a receiver of ``failure_answered``.

    It gets ``http.response.status_code`` and the incident; of a 5xx ``error.type`` as well, and
    the exception as an event (OpenTelemetry semantic conventions for HTTP spans and exceptions).
    What nobody caught is an event of the instrumentation's, which Flask tells of it on teardown.

    :param failure: what was answered.
    :param response: its answer.
    """
    span = get_current_span()
    if not span.is_recording():
        return
    span.set_attribute("http.response.status_code", response.status_code)
    if failure.incident is not None:
        span.set_attribute(INCIDENT, failure.incident)
    if response.status_code < 500:
        return
    original: BaseException | None = getattr(failure, "original_exception", None)
    span.set_attribute("error.type", _name_of(type(original or failure)))
    if not is_unhandled(failure):
        span.record_exception(failure)


def _name_of(class_: type) -> str:
    if class_.__module__ == "builtins":
        return class_.__qualname__
    return f"{class_.__module__}.{class_.__qualname__}"
