"""Tests of what Sentry is told, with its own SDK and a transport that keeps what would be sent."""

import logging
import uuid

import flask
import pytest

from flask_httpstatus import (
    KINDS,
    Failures,
    NotFound,
    ServiceUnavailable,
    catching_failure,
    current_incident,
)

sentry_sdk = pytest.importorskip("sentry_sdk")


def tag_incident(event, hint):
    """Tag an event with the incident, as the documentation has it."""
    event.setdefault("tags", {})["incident"] = current_incident()
    return event


@pytest.fixture
def events():
    """Return the events that Sentry would be sent."""
    events = []

    class Transport(sentry_sdk.transport.Transport):
        def capture_envelope(self, envelope):
            events.extend(event for item in envelope.items if (event := item.get_event()))

    with sentry_sdk.isolation_scope():
        sentry_sdk.init("http://key@127.0.0.1:9/1", transport=Transport(), before_send=tag_incident)
        try:
            yield events
        finally:
            sentry_sdk.get_client().close()
            sentry_sdk.get_global_scope().set_client(None)


def answer(raising, decorator=lambda view: view, **settings):
    """Return the answer of an application whose view raises this."""
    app = flask.Flask("example")
    Failures(app, **settings)

    @app.get("/")
    @decorator
    def view():
        raise raising()

    return app.test_client().get("/")


def failing(code):
    """Return what makes a failure of this status, with what it has to have."""
    facts = {401: {"challenge": "Bearer"}, 407: {"challenge": "Basic"}, 426: {"upgrade": "h2c"}}
    return lambda: KINDS[code]("so it is", **facts.get(code, {}))


@pytest.mark.parametrize("decorator", [lambda view: view, catching_failure])
@pytest.mark.parametrize("code", KINDS)
def test_failure(events, code, decorator):
    """A 4xx is not reported; a 5xx is, once, with the id that the client was shown."""
    shown = answer(failing(code), decorator)

    if code < 500:
        assert events == []
        return
    (event,) = events
    assert shown.json["instance"] == f"urn:uuid:{event['tags']['incident']}"
    assert event["exception"]["values"][-1]["type"] == KINDS[code].__name__
    assert event["extra"]["incident"] == event["tags"]["incident"]
    assert event["extra"]["status"] == code


def test_unhandled_exception(events):
    """What nobody caught is reported once, as without us, with the id of page and log."""
    shown = answer(RuntimeError)

    (event,) = events
    (value,) = event["exception"]["values"]
    assert (value["type"], value["mechanism"]["handled"]) == ("RuntimeError", False)
    assert shown.json["instance"] == f"urn:uuid:{event['tags']['incident']}"


def test_cause(events):
    """A failure that was raised from another exception is one event with both."""

    def raising():
        failure = ServiceUnavailable("back at noon")
        failure.__cause__ = OSError("no route to host")
        return failure

    answer(raising)

    (event,) = events
    assert [value["type"] for value in event["exception"]["values"]] == [
        "OSError",
        "ServiceUnavailable",
    ]


def test_level(events):
    """A 5xx that is no error of ours is not reported where its level is lower."""
    answer(ServiceUnavailable, log_levels={503: "WARNING"})

    assert events == []


def test_many(events):
    """Of failures and bugs in turn, each bug and 5xx is one event with an id of its own."""
    shown = {
        answer(raising).json.get("instance")
        for raising in [NotFound, ServiceUnavailable, RuntimeError] * 5
    } - {None}

    assert sorted(f"urn:uuid:{event['tags']['incident']}" for event in events) == sorted(shown)
    assert len(events) == 10


def test_outside_of_a_request(events):
    """What is reported where there is no request has no incident."""
    logging.getLogger("example").error("%s", uuid.uuid4())

    (event,) = events
    assert event["tags"]["incident"] is None
