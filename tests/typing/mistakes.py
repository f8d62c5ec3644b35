"""Mistakes of users that both type checkers have to see, each on a line that ends in "# error"."""

import flask

from flask_httpstatus import (
    KINDS,
    Failure,
    Failures,
    Found,
    Issue,
    MethodNotAllowed,
    NotFound,
    RangeNotSatisfiable,
    TooManyRequests,
    Unauthorized,
    UnavailableForLegalReasons,
    UnprocessableContent,
    UpgradeRequired,
    catching_failure,
    http,
    is_safe_location,
    redirect,
    register_extension,
)
from flask_httpstatus.client import failure_from, raise_for_failure
from flask_httpstatus.openapi import openapi
from flask_httpstatus.readers import issues
from flask_httpstatus.testing import assert_conforms, assert_failure

app = flask.Flask(__name__)
response = app.test_client().get("/")

NotFound(404)  # error
NotFound(b"no such user")  # error
Failure("no such user", "404")  # error
Failure("no such user", status=404.5)  # error
NotFound("no such user", headers="ETag: 1")  # error
TooManyRequests("slow down", retry_after="soon")  # error
UnprocessableContent("check", errors=["too small"])  # error
Issue()  # error
NotFound.on("KeyError")  # error
Failures().respond(404)  # error
Failures().translate(ValueError("x"), NotFound)  # error
catching_failure(form="text")  # error
redirect(7)  # error
redirect("/", "302")  # error
http.facts("404")  # error
redirect("/", http.NOT_FONUD)  # error
NotFound("no such user").status = 404  # error
Unauthorized("log in", challenge=7)  # error
MethodNotAllowed("read only", allowed=7)  # error
RangeNotSatisfiable("too far", length="1234")  # error
UpgradeRequired("use TLS", upgrade=7)  # error
UnavailableForLegalReasons("court order", blocked_by=7)  # error
NotFound.unless()  # error
NotFound.when()  # error
KINDS["404"]  # error
Failures().formats("admin", ["html"])  # error
Failures().init_app("app")  # error
Failures().renderer(7)  # error
Failures().translate(ValueError, lambda _: 7)  # error
register_extension(app, 7)  # error
catching_failure(7)  # error
Found()  # error
Found("/", status=302)  # error
is_safe_location("/", "/")  # error
openapi("app")  # error
issues(ValueError(), "bodies")  # error
failure_from(404)  # error
raise_for_failure("no response")  # error
assert_failure(response, 404)  # error
assert_conforms(404)  # error
http.status("404")  # error
print(http.facts(404).fraze)  # error
