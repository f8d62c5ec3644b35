"""Tests of what a span is told, with OpenTelemetry's own SDK and its instrumentation of Flask."""

import importlib
import sys

import flask
import pytest

from flask_httpstatus import KINDS, Failures, NotFound, ServiceUnavailable, failure_answered

pytest.importorskip("opentelemetry.sdk")
FlaskInstrumentor = pytest.importorskip("opentelemetry.instrumentation.flask").FlaskInstrumentor

from opentelemetry import trace  # noqa: E402
from opentelemetry.sdk.trace import TracerProvider  # noqa: E402
from opentelemetry.sdk.trace.export import SimpleSpanProcessor  # noqa: E402
from opentelemetry.sdk.trace.export.in_memory_span_exporter import (  # noqa: E402
    InMemorySpanExporter,
)
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON  # noqa: E402

from flask_httpstatus.tracing import INCIDENT, trace_failure  # noqa: E402


class OutOfMoneyError(Exception):
    """An exception of the application's."""


def spans(raising, *, told=True, sampler=ALWAYS_ON):
    """Return the answer and the spans of a request whose view raises this."""
    app, exporter = flask.Flask("example"), InMemorySpanExporter()
    provider = TracerProvider(sampler=sampler)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    Failures(app)
    FlaskInstrumentor().instrument_app(app, tracer_provider=provider)
    if told:
        failure_answered.connect(trace_failure, app)

    @app.get("/")
    def view():
        raise raising()

    answer = app.test_client().get("/")
    failure_answered.disconnect(trace_failure)
    provider.shutdown()
    return answer, exporter.get_finished_spans()


def failing(code):
    """Return what makes a failure of this status, with what it has to have."""
    facts = {401: {"challenge": "Bearer"}, 407: {"challenge": "Basic"}, 426: {"upgrade": "h2c"}}
    return lambda: KINDS[code]("so it is", **facts.get(code, {}))


@pytest.mark.parametrize("code", KINDS)
def test_failure(code):
    """The span of the request has the status, and of a 5xx the error, its event and incident."""
    answer, (span,) = spans(failing(code))

    assert span.kind is trace.SpanKind.SERVER
    assert span.attributes["http.response.status_code"] == code == answer.status_code
    name = f"flask_httpstatus.kinds.{KINDS[code].__name__}"
    if code < 500:
        assert "error.type" not in span.attributes
        assert INCIDENT not in span.attributes
        assert span.events == ()
        assert span.status.status_code is trace.StatusCode.UNSET
    else:
        assert span.attributes["error.type"] == name
        assert answer.json["instance"] == f"urn:uuid:{span.attributes[INCIDENT]}"
        (event,) = span.events
        assert event.name == "exception"
        assert event.attributes["exception.type"] == name
        assert "test_tracing.py" in event.attributes["exception.stacktrace"]
        assert span.status.status_code is trace.StatusCode.ERROR


@pytest.mark.parametrize(
    ("raising", "name"),
    [(RuntimeError, "RuntimeError"), (OutOfMoneyError, f"{__name__}.OutOfMoneyError")],
)
def test_unhandled_exception(raising, name):
    """What nobody caught is one event, and the error has its name, not that of the answer."""
    answer, (span,) = spans(raising)

    assert span.attributes["error.type"] == name
    assert answer.json["instance"] == f"urn:uuid:{span.attributes[INCIDENT]}"
    (event,) = span.events
    assert event.attributes["exception.type"] == name


def test_causes_and_notes():
    """The event has what the log has: notes and causes."""

    def raising():
        failure = ServiceUnavailable("back at noon")
        failure.add_note("shard 3 is down")
        failure.__cause__ = OSError("no route to host")
        return failure

    _, (span,) = spans(raising)

    (event,) = span.events
    assert "shard 3 is down" in event.attributes["exception.stacktrace"]
    assert "no route to host" in event.attributes["exception.stacktrace"]


@pytest.mark.parametrize("raising", [NotFound, ServiceUnavailable, RuntimeError])
def test_without_a_recording_span(raising):
    """Where no span is recorded, nothing is told and the answer is the same."""
    answer, found = spans(raising, sampler=ALWAYS_OFF)

    assert found == ()
    assert answer.status_code == spans(raising, told=False)[0].status_code


def test_extra(monkeypatch):
    """Who has not installed OpenTelemetry is told which extra to install."""
    monkeypatch.setitem(sys.modules, "opentelemetry.trace", None)
    monkeypatch.delitem(sys.modules, "flask_httpstatus.tracing")

    with pytest.raises(ModuleNotFoundError, match=r"; install Flask-HTTPStatus\[opentelemetry\]$"):
        importlib.import_module("flask_httpstatus.tracing")
