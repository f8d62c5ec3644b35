"""Memory: what a number of failures leaves behind; a million with ``memory.py 1000000``.

Failures of every way into the package are raised and answered: raised, of Werkzeug, converted,
translated, unhandled, with issues. Afterwards no more memory is held than before, and no
exception, traceback, frame of a view or request is left.
"""

import gc
import logging
import sys
import tracemalloc
from types import FrameType, TracebackType

import marshmallow
from flask import Flask, Request, abort, request
from werkzeug.test import create_environ, run_wsgi_app

from flask_httpstatus import Conflict, Failures, NotFound, UnprocessableContent

#: What is still growing after the first failures, in bytes, grows without end.
ALLOWED = 64 * 1024
ACCEPTS = ("application/json", "text/html", "text/plain", "*/*", "")


class Missing(Exception):  # noqa: N818
    """An exception of some library."""


class Text(marshmallow.Schema):
    """What a client has to send."""

    text = marshmallow.fields.Integer(required=True)


def failing_app() -> Flask:
    """Return an application that fails in every way."""
    app = Flask("memory")
    Failures(app).translate(Missing, Conflict, "missing")
    logging.getLogger("memory").addHandler(logging.NullHandler())
    logging.getLogger("memory").propagate = False

    @app.get("/raised/<number>")
    def raised(number: str) -> str:
        raise NotFound(f"no {number}", number=number, headers={"X-Number": number})

    @app.get("/werkzeug/<number>")
    def werkzeug(number: str) -> str:
        abort(404, f"no {number}")

    @app.get("/converted/<number>")
    @NotFound.on(KeyError, "no such user")
    def converted(number: str) -> str:
        return {"": ""}[number]

    @app.get("/translated/<number>")
    def translated(number: str) -> str:
        raise Missing(number)

    @app.get("/bug/<number>")
    def bug(number: str) -> str:
        raise RuntimeError(number)

    @app.post("/issues/<number>")
    @UnprocessableContent.on(marshmallow.ValidationError, "check it")
    def issues(number: str) -> str:
        return Text().load({number: request.get_json()})["text"]

    return app


def fail(app: Flask, numbers: range) -> None:
    """Let the application fail once for each number, each time a little differently."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    paths = [*(str(rule).replace("<number>", "") for rule in rules), "/nowhere/"]
    for number in numbers:
        path = paths[number % len(paths)]
        body = b'{"text": "x%d"}' % number if path == "/issues/" else b""
        environ = create_environ(
            method="POST" if body else "GET",
            headers={"Accept": ACCEPTS[number // len(paths) % len(ACCEPTS)]},
            content_type="application/json",
            data=body,
        )
        # Not in the call: to quote paths, the test client fills caches of its own.
        environ["PATH_INFO"] = f"{path}{number}"
        run_wsgi_app(app, environ)[0].close()


def kept() -> list[str]:
    """Return the names of what should be gone: exceptions, tracebacks, requests, views' frames."""
    gc.collect()
    return [
        type(one).__name__
        for one in gc.get_objects()
        if isinstance(one, (BaseException, TracebackType, Request))
        or (isinstance(one, FrameType) and one.f_globals is globals() and one.f_back is None)
    ]


def growth(count: int, before: int = 5000) -> int:
    """Return by how many bytes the memory in use grows while the application fails so often.

    :param before: failures that are not counted, in which caches are filled.
    """
    app = failing_app()
    fail(app, range(before))
    gc.collect()
    tracemalloc.start()
    try:
        gc.collect()
        start, _ = tracemalloc.get_traced_memory()
        fail(app, range(before, before + count))
        gc.collect()
        return tracemalloc.get_traced_memory()[0] - start
    finally:
        tracemalloc.stop()


def main(count: int) -> None:
    """Fail so often, and say what is left."""
    already = len(kept())
    grown = growth(count)
    left = kept()[already:]
    print(f"{count} failures: {grown} bytes more, {len(left)} objects kept {left[:5]}")
    if grown > ALLOWED or left:
        sys.exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
