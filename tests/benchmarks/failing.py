"""Measures what a failed request costs, as a ratio to a view that returns a ready Response.

The ready Response is of the same size: the very answer of the subject, status, type and body,
without anything that made it. Run: python tests/benchmarks/failing.py [ROUNDS]
"""

import itertools
import sys
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, NoReturn

import flask
import werkzeug.exceptions
from measuring import Answer, Spread, Table, ask, asked, asking, interleaved, ratios, spread
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.test import run_wsgi_app

from flask_httpstatus import Failures, NotFound

ROUNDS = 40
BODY = '{"title": "Not Found", "status": 404, "detail": "no such user"}\n'
CLIENT = asked(Accept="application/json", User_Agent="curl/8.5.0")
NOWHERE = asked("/nowhere", Accept="application/json", User_Agent="curl/8.5.0")
BROWSER = asked(
    Accept="text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
    Accept_Language="de-AT,de;q=0.7,en;q=0.3",
    Accept_Encoding="gzip, deflate, br",
    User_Agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
)


def ready(answer: Answer, path: str = "/") -> flask.Flask:
    """Return a yardstick: nothing fails, nothing is negotiated, the same is answered."""
    app = flask.Flask("ready")
    status, content_type, body = answer.status, answer.content_type, answer.body.decode()

    @app.get(path)
    def view() -> flask.Response:
        return flask.Response(body, status, content_type=content_type)

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


def raising(exception: Callable[[], Any], **settings: Any) -> flask.Flask:
    """Return an application with the extension whose view raises."""
    app = flask.Flask("raising")
    Failures(app, log_levels={"4xx": "DEBUG"}, **settings)

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


def least(app: flask.Flask, environ: dict[str, Any], view: Callable[[], str]) -> flask.Flask:
    """Return what fails as the view does, and answers what the application answers, ready made.

    It is the least that one can write with Flask alone: one of Werkzeug's exceptions is raised,
    its handler is found, and that sends those headers.
    """
    body, status, headers = run_wsgi_app(app, dict(environ))
    text, lines = b"".join(body).decode(), [line for line in headers if line[0] != "Content-Length"]
    least = flask.Flask("least")

    @least.errorhandler(HTTPException)
    def answer(error: HTTPException) -> flask.Response:
        sent = Headers()
        for name, value in lines:
            sent.add(name, value)
        return flask.Response(text, status, sent)

    least.get("/", endpoint="view")(view)
    return least


def missing() -> NoReturn:
    """Raise Werkzeug's own exception."""
    raise werkzeug.exceptions.NotFound


def aborted() -> NoReturn:
    """Abort as Flask does."""
    flask.abort(404)


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


NUMBERS = itertools.count()


def another() -> str:
    """Return a message that no cache can know, of the size of the others."""
    return f"no pet {next(NUMBERS) % 100_000:05}"


class Subject(NamedTuple):
    """What is measured.

    :param environ: the request.
    :param beside: what it is compared with, by default a ready Response of the same answer.
    """

    app: flask.Flask
    environ: dict[str, Any] = CLIENT
    beside: flask.Flask | None = None


DOCUMENT = raising(lambda: NotFound("no such user"))
PAGE = raising(lambda: NotFound("no such user"), languages=["en"])
SUBJECTS: dict[str, Subject] = {
    "the least: Werkzeug's NotFound, our headers": Subject(least(DOCUMENT, CLIENT, missing)),
    "the least: abort(404), our headers": Subject(least(DOCUMENT, CLIENT, aborted)),
    "the least: a page, our headers": Subject(least(PAGE, BROWSER, missing), BROWSER),
    "own exception, handler, ready Response": Subject(by_hand()),
    "raise NotFound, problem document": Subject(DOCUMENT),
    "the same, each time another message": Subject(raising(lambda: NotFound(another()))),
    "raise NotFound without a message": Subject(raising(NotFound)),
    "a path without a route": Subject(raising(NotFound), NOWHERE),
    "raise NotFound with a member": Subject(raising(lambda: NotFound("no such user", name="ada"))),
    "abort(404), problem document": Subject(aborting(failures=True)),
    "raise NotFound, page in English only": Subject(PAGE, BROWSER),
    "the page, each time another message": Subject(
        raising(lambda: NotFound(another()), languages=["en"]), BROWSER
    ),
    "raise NotFound, page in one of 17 languages": Subject(
        raising(lambda: NotFound("no such user")), BROWSER
    ),
    "plain Flask: abort(404), HTML": Subject(aborting(failures=False), BROWSER),
    "plain Flask: the JSON recipe of its docs": Subject(recipe()),
    "no failure, beside the same without Failures": Subject(
        succeeding(failures=True), beside=succeeding(failures=False)
    ),
}


class Compared(NamedTuple):
    """What was found of a subject.

    :param ratio: how many times as long it takes as what it is compared with.
    :param micro: the median of its times in µs.
    :param size: the bytes of its body.
    """

    name: str
    ratio: Spread
    micro: float
    size: int


def measure(rounds: int = ROUNDS) -> list[Compared]:
    """Measure all subjects, each in every round beside what it is compared with."""
    made: dict[tuple[Answer, str], flask.Flask] = {}
    beside: dict[str, flask.Flask] = {}
    sizes: dict[str, int] = {}
    turns: dict[flask.Flask, Callable[[], float]] = {}
    for name, subject in SUBJECTS.items():
        answer = ask(subject.app, dict(subject.environ))
        path = subject.environ["PATH_INFO"]
        if (answer, path) not in made:
            made[answer, path] = ready(answer, path)
        beside[name], sizes[name] = subject.beside or made[answer, path], len(answer.body)
        for app in (subject.app, beside[name]):
            turns[app] = asking(app, subject.environ)
    times = interleaved(turns, rounds)
    return [
        Compared(
            name,
            ratios(times[subject.app], times[beside[name]]),
            spread(times[subject.app]).median * 1e6,
            sizes[name],
        )
        for name, subject in SUBJECTS.items()
    ]


def table(found: Iterable[Compared]) -> Table:
    """Return a row for each subject."""
    rows = [
        [
            one.name,
            f"{one.ratio.median:.2f}",
            f"{one.ratio.low:.2f}-{one.ratio.high:.2f}",
            f"{one.micro:.0f}",
            f"{one.size:,}",
        ]
        for one in found
    ]
    return Table(["subject", "ratio", "quartiles", "µs", "bytes"], rows)


def main(rounds: int = ROUNDS) -> None:
    """Measure and print."""
    table(measure(rounds)).show()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
