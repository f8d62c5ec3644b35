"""What users write of another service's failures and in tests, read by the type checkers only."""

import http.client
import urllib.error
from typing import assert_type

import flask
import httpx
import requests
from werkzeug.test import TestResponse

from flask_httpstatus import Forbidden, NotFound, Problem
from flask_httpstatus.client import RemoteFailure, failure_from, raise_for_failure
from flask_httpstatus.testing import assert_conforms, assert_failure, failures_raised


class OutOfCredit(Problem, Forbidden):
    """The balance does not cover the price."""

    balance: int


URL = "http://127.0.0.1"
app = flask.Flask(__name__)
response = app.test_client().get("/")

assert_type(raise_for_failure(requests.get(URL, timeout=5)), requests.Response)
assert_type(raise_for_failure(httpx.get(URL)), httpx.Response)
assert_type(raise_for_failure(response), TestResponse)


def of_the_library(received: http.client.HTTPResponse, error: urllib.error.HTTPError) -> None:
    """Read what the standard library has received."""
    assert_type(raise_for_failure(received), http.client.HTTPResponse)
    assert_type(failure_from(error), RemoteFailure | None)


try:
    raise_for_failure(response)
except OutOfCredit as failure:
    assert_type(failure.balance, int)
except RemoteFailure as remote:
    assert_type(remote.type_uri, str | None)

assert_conforms(response)
assert_type(assert_failure(response, OutOfCredit, balance=3).balance, int)
assert_type(assert_failure(response, NotFound, "no such user"), NotFound)
with failures_raised(app) as raised:
    assert_type(raised[0].message, str)
