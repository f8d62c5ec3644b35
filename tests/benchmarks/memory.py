"""Measures what is kept in memory: by an application, by a declared type, by many failures.

Failures of every way into the package are raised and answered: raised, of Werkzeug, converted,
translated, unhandled, with issues. Afterwards no more memory is held than before, and no
exception, traceback, frame of a view or request is left; else it ends with an error.
Run: python tests/benchmarks/memory.py [FAILURES], a million of which take a quarter of an hour.
"""

import functools
import gc
import logging
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import NamedTuple

import caching
import marshmallow
from flask import Flask, Request, abort, request
from growing import declared
from measuring import Table, ask, asked
from werkzeug.test import create_environ

from flask_httpstatus import Conflict, Failures, NotFound, UnprocessableContent

FAILURES = 10_000

#: In these, all is loaded and made that is needed once.
FIRST = 1_000
#: What is still growing after the first failures, in bytes, grows without end.
ALLOWED = 64 * 1024
#: How many of a thing are made to tell what one of them keeps.
SEVERAL = 50
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
        ask(app, environ)


def kept() -> list[str]:
    """Return the names of what should be gone: exceptions, tracebacks, requests, views' frames."""
    gc.collect()
    return [
        type(one).__name__
        for one in gc.get_objects()
        if isinstance(one, (BaseException, TracebackType, Request))
        or (isinstance(one, FrameType) and one.f_globals is globals() and one.f_back is None)
    ]


class Kept(NamedTuple):
    """What was found.

    :param each: the bytes that one keeps, by what it is.
    :param grown: by how many bytes more than after the first failures, by number of failures.
    :param left: the names of objects that should be gone.
    """

    each: dict[str, float]
    grown: dict[int, int]
    left: list[str]

    @property
    def is_flat(self) -> bool:
        """Whether the failures have left nothing behind."""
        return not self.left and list(self.grown.values())[-1] <= ALLOWED


@contextmanager
def traced() -> Iterator[Callable[[], int]]:
    """Trace the memory, and give a function that tells how many bytes are in use."""

    def in_use() -> int:
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        yield in_use
    finally:
        tracemalloc.stop()


def each(make: Callable[[], object], count: int = SEVERAL) -> float:
    """Return how many bytes one of these keeps."""
    make()  # what all of them share
    with traced() as in_use:
        start = in_use()
        made = [make() for _ in range(count)]
        return (in_use() - start) / len(made)


def application(*, failures: bool, failing: bool = False) -> Flask:
    """Return an application, which may have failed for a program and for a person."""
    app = Flask("memory")
    if failures:
        Failures(app)
    if failing:
        for accept in ("application/json", "text/html"):
            ask(app, asked(Accept=accept))
    return app


def full() -> int:
    """Return how many bytes the caches keep when strangers have filled them.

    What they send is as long as what is kept may be, and takes four bytes a character.
    """
    app = caching.failing_app()
    caching.fill(app, 1)
    with traced() as in_use:
        caching.fill(app, padding="\N{SNAIL}".encode().decode("latin-1") * 200)
        filled = in_use()
        caching.forget()
        return filled - in_use()


def growth(count: int) -> dict[int, int]:
    """Return by how many bytes the memory in use has grown, after a tenth of the failures and on.

    The caches, which have an end, are emptied before it is looked at.
    """
    app = failing_app()

    def after(numbers: range) -> int:
        fail(app, numbers)
        caching.forget()
        return in_use()

    with traced() as in_use:
        start, found, seen = after(range(FIRST)), {0: 0}, 0
        for tenth in range(1, 11):
            upto = count * tenth // 10
            found[upto] = after(range(FIRST + seen, FIRST + upto)) - start
            seen = upto
    return found


def measure(count: int = FAILURES) -> Kept:
    """Measure what is kept by what there is, and by so many failures."""
    plain, failed, extended, extended_failed = (
        each(functools.partial(application, failures=failures, failing=failing))
        for failures in (False, True)
        for failing in (False, True)
    )
    sizes = {
        "an application of plain Flask": plain,
        "Failures(app), beside it": extended - plain,
        "the same after the first failures of both": extended_failed - failed,
        "an exception of one's own, declared": each(lambda: type("Mine", (Exception,), {})),
        "a problem type with two members, declared": each(lambda: declared(1)),
        "all caches, filled by strangers": full(),
    }
    already = len(kept())
    grown = growth(count)
    return Kept(sizes, grown, kept()[already:])


def table(found: Kept) -> Table:
    """Return a row for each thing that could keep memory."""
    rows = [[name, f"{size:,.0f}"] for name, size in found.each.items()]
    count, grown = list(found.grown.items())[-1]
    rows += [
        [f"{count:,} failures, all together", f"{grown:,}"],
        ["exceptions, tracebacks, frames and requests left", f"{len(found.left):,}"],
    ]
    return Table(["what", "bytes kept"], rows)


def main(count: int = FAILURES) -> None:
    """Measure and print."""
    found = measure(count)
    table(found).show()
    if not found.is_flat:
        sys.exit(f"memory grows: {found.grown}, {found.left[:5]}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
