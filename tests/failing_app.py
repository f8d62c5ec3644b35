"""An application that fails in every way, for real servers."""

import logging
from datetime import UTC, datetime, timedelta

import flask
from flask import request, session
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import HTTPException, default_exceptions

from flask_httpstatus import KINDS, Failures

#: What the kinds need so that nothing is missing which HTTP demands or the kind has a word for.
FACTS = {
    401: {"challenge": WWWAuthenticate("bearer", {"realm": "api"})},
    405: {"allowed": ["PUT", "DELETE"]},
    407: {"challenge": WWWAuthenticate("basic", {"realm": "proxy"})},
    413: {"retry_after": datetime(2030, 1, 1, tzinfo=UTC)},
    416: {"length": 1234},
    426: {"upgrade": "TLS/1.3"},
    429: {"retry_after": 0},
    451: {"blocked_by": "https://isp.example/"},
    503: {"retry_after": timedelta(seconds=30)},
}


def make_app(*, extension=True, **config):
    """Return the application, with the extension or as plain Flask has it."""
    app = flask.Flask("failing_app")
    app.config.from_mapping(SECRET_KEY="not told", MAX_CONTENT_LENGTH=1000, **config)
    logging.getLogger(app.name).addHandler(logging.NullHandler())
    logging.getLogger(app.name).propagate = False
    if extension:
        Failures(app)
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]

    @app.route("/kinds/<int:code>", methods=methods)
    def kind(code):
        if extension:
            raise KINDS[code](request.args.get("message"), **FACTS.get(code, {}))
        raise _plain(code)

    @app.route("/bug", methods=methods)
    def bug():
        raise RuntimeError("not told")

    @app.post("/upload")
    def upload():
        return flask.jsonify(request.get_json())

    @app.get("/session")
    def keep():
        session["seen"] = True
        raise KINDS[409]("Somebody else was faster.")

    @app.get("/bad-header")
    def bad_header():
        return flask.Response("", 503, {"Retry-After": "0:00:30"})

    @app.get("/")
    def home():
        return "home"

    return app


def _plain(code):
    kind = default_exceptions.get(code)
    if kind is None:
        kind = type("Plain", (HTTPException,), {"code": code, "description": "It failed."})
    if code == 401:
        return kind(www_authenticate=FACTS[401]["challenge"])
    if code == 405:
        return kind(FACTS[405]["allowed"])
    if code in {416, 429, 503}:
        return kind(**FACTS[code])
    return kind()
