"""What users write of pages, documents, operation and status codes, read by the checkers only."""

from typing import Any, assert_type

import flask
from apispec import APISpec
from flask import Blueprint

from flask_httpstatus import (
    KINDS,
    ClientFailure,
    Failure,
    Failures,
    FailureWarning,
    Flask,
    Issue,
    MissingHeader,
    MovedPermanently,
    NotFound,
    NotModified,
    Redirection,
    ServerFailure,
    ServiceUnavailable,
    UndeclaredFailure,
    UnprocessableContent,
    UnsafeRedirect,
    catching_failure,
    current_incident,
    failure_answered,
    http,
    redirect,
)
from flask_httpstatus.openapi import openapi
from flask_httpstatus.page import STYLE_SOURCE
from flask_httpstatus.pages import pages
from flask_httpstatus.readers import issues
from flask_httpstatus.specs import FailuresPlugin
from flask_httpstatus.tracing import trace_failure

app = Flask(__name__)
failures = Failures()
failures.init_app(app, formats=["problem", "html"], log_levels={"4xx": "INFO", 404: "DEBUG"})
admin = Blueprint("admin", __name__)
failures.formats(admin, ["html"])
failures.translate(ConnectionError, ServiceUnavailable, "back soon", blueprint=admin)
app.register_blueprint(pages, url_prefix="/problems")

assert_type(openapi(app), dict[str, Any])
assert_type(openapi(app, {"openapi": "3.1.0"}), dict[str, Any])
APISpec("Users", "1", "3.1.0", plugins=[FailuresPlugin()])
assert_type(STYLE_SOURCE, str)
assert_type(current_incident(), str | None)
failure_answered.connect(trace_failure, app)


@failure_answered.connect_via(app)
def remember(app: flask.Flask, failure: Failure, response: flask.Response) -> None:
    print(failure.incident, failure.status.phrase, failure.headers.get("Retry-After"))


def answer(error: ValueError) -> flask.Response:
    return failures.respond(UnprocessableContent("check the form", errors=issues(error)))


assert_type(issues(ValueError()), list[Issue])


@catching_failure(format=["html", "text"])
def page() -> flask.Response:
    raise NotModified(headers={"ETag": '"1"'})


def old() -> flask.Response:
    if flask.request.args:
        raise MovedPermanently("https://new.example/", external=True)
    try:
        return redirect(flask.request.args["next"], http.SEE_OTHER, external=False)
    except UnsafeRedirect as error:
        assert_type(error.message, str)
        raise NotFound from error
    except Redirection as redirection:
        assert_type(redirection.status, http.HTTPStatus)
        raise


async def on_the_way(user: str | None) -> str:
    with NotFound.on(KeyError, "no such user"):
        return NotFound.unless(user)


try:
    print(KINDS[404]("no such user"))
except ServerFailure as failure:
    assert_type(failure.retryable, bool | None)
    assert_type(failure.members, dict[str, Any])
except (ClientFailure, FailureWarning, MissingHeader, UndeclaredFailure):
    pass

facts = http.facts(http.TOO_MANY_REQUESTS)
assert_type(facts.required_headers, tuple[http.RequiredHeader, ...])
assert_type(facts.retryable, bool | None)
assert_type(facts.vendor, str | None)
assert_type(facts.is_client_error, bool)
assert_type(http.UnofficialStatus(499).vendor, str | None)
assert_type(int(http.CONTENT_TOO_LARGE), int)
