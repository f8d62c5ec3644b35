"""Measures what a failed request costs, as a ratio to a view that returns a ready Response.

Process time; the subjects take turns in a new order in every round, so that a machine whose speed
drifts slows all of them. Run: python tests/benchmarks/failing.py [ROUNDS]
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import EnvironBuilder

from flask_httpstatus import Failures, NotFound

REQUESTS_A_TURN = 200
CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
BODY = '{"title": "Not Found", "status": 404, "detail": "no such user"}\n'


def ready() -> flask.Flask:
    """Return the yardstick: nothing fails, nothing is negotiated."""
    app = flask.Flask("ready")

    @app.get("/")
    def view() -> flask.Response:
        return flask.Response(BODY, 404, content_type="application/problem+json")

    return app


def succeeding(*, failures: bool) -> flask.Flask:
    """Return an application whose request does not fail."""
    app = flask.Flask("succeeding")
    if failures:
        Failures(app)

    @app.get("/")
    def view() -> str:
        return "hello"

    return app


def raising(exception: Callable[[], Any]) -> flask.Flask:
    """Return an application with the extension whose view raises."""
    app = flask.Flask("raising")
    Failures(app, log_levels={"4xx": "DEBUG"})

    @app.get("/")
    def view() -> str:
        raise exception()

    return app


def aborting(*, failures: bool) -> flask.Flask:
    """Return an application whose view aborts."""
    app = flask.Flask("aborting")
    if failures:
        Failures(app, log_levels={"4xx": "DEBUG"})

    @app.get("/")
    def view() -> str:
        flask.abort(404, "no such user")

    return app


def by_hand() -> flask.Flask:
    """Return what people write: an exception, a handler and a ready Response."""
    app = flask.Flask("by_hand")

    class MissingError(Exception):
        pass

    @app.errorhandler(MissingError)
    def answer(error: MissingError) -> flask.Response:
        return flask.Response(BODY, 404, content_type="application/problem+json")

    @app.get("/")
    def view() -> str:
        raise MissingError

    return app


def recipe() -> flask.Flask:
    """Return the recipe of Flask's documentation, "Returning API errors as JSON"."""
    app = flask.Flask("recipe")

    @app.errorhandler(HTTPException)
    def answer(error: HTTPException) -> Any:
        response = error.get_response()
        response.data = flask.json.dumps(
            {"code": error.code, "name": error.name, "description": error.description}
        )
        response.content_type = "application/json"
        return response

    @app.get("/")
    def view() -> str:
        flask.abort(404, "no such user")

    return app


SUBJECTS: dict[str, tuple[flask.Flask, dict[str, str]]] = {
    "a view that returns a ready Response": (ready(), {"Accept": "application/json"}),
    "own exception, handler, ready Response": (by_hand(), {"Accept": "application/json"}),
    "raise NotFound, problem document": (
        raising(lambda: NotFound("no such user")),
        {"Accept": "application/json"},
    ),
    "raise NotFound, HTML page": (raising(lambda: NotFound("no such user")), {"Accept": CHROME}),
    "raise NotFound with a member": (
        raising(lambda: NotFound("no such user", name="ada")),
        {"Accept": "application/json"},
    ),
    "abort(404), problem document": (aborting(failures=True), {"Accept": "application/json"}),
    "plain Flask: abort(404), HTML": (aborting(failures=False), {"Accept": CHROME}),
    "plain Flask: the JSON recipe of its docs": (recipe(), {"Accept": "application/json"}),
    "no failure, without the extension": (succeeding(failures=False), {}),
    "no failure, with the extension": (succeeding(failures=True), {}),
}


def turn(app: flask.Flask, headers: dict[str, str]) -> float:
    """Return the seconds of process time that one request takes."""
    environs = [EnvironBuilder("/", headers=headers).get_environ() for _ in range(REQUESTS_A_TURN)]
    start = time.process_time()
    for environ in environs:
        # As a server does it, without a client that reads the headers.
        body = app(environ, lambda *_: bytes)
        b"".join(body)
        body.close()
    return (time.process_time() - start) / REQUESTS_A_TURN


def main(rounds: int = 40) -> None:
    """Print a table: the median and the quartiles of the ratios of all rounds."""
    times: dict[str, list[float]] = {name: [] for name in SUBJECTS}
    order = list(SUBJECTS)
    for round_ in range(rounds + 1):
        random.shuffle(order)
        for name in order:
            seconds = turn(*SUBJECTS[name])
            if round_:  # the first one warms up
                times[name].append(seconds)
    yardstick = times[next(iter(SUBJECTS))]
    print(f"{'':44} median  quartiles    µs   ({rounds} rounds of {REQUESTS_A_TURN} requests)")
    for name, seconds in times.items():
        ratios = [a / b for a, b in zip(seconds, yardstick, strict=True)]
        low, middle, high = statistics.quantiles(ratios, n=4)
        micro = statistics.median(seconds) * 1e6
        print(f"{name:44} {middle:6.2f} {low:5.2f} {high:5.2f} {micro:6.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
