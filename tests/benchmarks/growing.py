"""Measures how the cost of a failure grows with what can be large about it.

One thing grows while all the rest is small, and it is told what a request takes in process time.
Run: python tests/benchmarks/growing.py [ROUNDS [STRANGE [MOST]]], with so many strange requests, no
two the same, and no sizes larger than MOST.
"""

import functools
import itertools
import logging
import math
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import caching
import flask
from measuring import Spread, Table, ask, asked, asking, interleaved, spread

from flask_httpstatus import (
    Conflict,
    Failures,
    Issue,
    NotFound,
    Problem,
    ServiceUnavailable,
    UnprocessableContent,
)
from flask_httpstatus.openapi import openapi

ROUNDS = 20
STRANGE = 100_000
#: So many of a stranger's requests come between two of an honest client.
STRANGERS = 100
JSON = {"Accept": "application/json"}
HTML = {"Accept": "text/html", "Accept_Language": "de"}
Turn = Callable[[], float]


def raising(make: Callable[[], Any], *, logged: bool = False, **settings: Any) -> flask.Flask:
    """Return an application whose view raises; its log is written, though to nowhere, or not."""
    app = flask.Flask("logged" if logged else "growing")
    Failures(app, **settings)
    if logged:
        logger = logging.getLogger(app.name)
        logger.handlers[:] = [logging.StreamHandler(_nowhere())]
        logger.setLevel(logging.INFO)
        logger.propagate = False

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def view(path: str) -> str:
        raise make()

    return app


@functools.cache
def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def declared(count: int) -> list[type[Problem]]:
    """Declare so many problem types, each with two members."""
    return [
        type(
            f"Problem{number}",
            (Problem, Conflict),
            {
                "__doc__": f"This is problem {number}.\n\nDo something about it.",
                "__annotations__": {"balance": int, "price": int},
                "message": "The price is {price}, but the balance is {balance}.",
            },
        )
        for number in range(count)
    ]


def types(count: int) -> Turn:
    """Raise one declared type of so many."""
    problems: list[Any] = declared(count)
    app = raising(lambda: problems[-1](balance=30, price=50), problems=problems)
    return asking(app, asked(**JSON))


def document(count: int) -> Turn:
    """Write the OpenAPI document of so many declared types."""
    app = raising(NotFound, problems=declared(count))

    def turn() -> float:
        start = time.process_time()
        openapi(app)
        return time.process_time() - start

    return turn


def prefixes(count: int) -> Turn:
    """Ask for a path in a policy of so many prefixes, no two of which are equally long."""
    policy = {"/" + "a" * number: ["html", "problem"] for number in range(count)}
    return asking(raising(NotFound, formats=policy), asked("/b/c", **JSON))


def issues(count: int, client: Mapping[str, str]) -> Turn:
    """Tell of so many mistakes in the input."""
    errors = [Issue("must be positive", pointer=f"#/{number}/age") for number in range(count)]
    return asking(raising(lambda: UnprocessableContent("no", errors=errors)), asked(**client))


def message(
    length: int, client: Mapping[str, str], part: str = "no such user, ", *, logged: bool = False
) -> Turn:
    """Raise a failure with a message of so many characters."""
    text = (part * (length // len(part) + 1))[:length]
    return asking(raising(lambda: NotFound(text), logged=logged), asked(**client))


def messages(count: int, client: Mapping[str, str]) -> Turn:
    """Raise failures with so many messages in turn."""
    texts = itertools.cycle([f"no user {number}" for number in range(count)])
    return asking(raising(lambda: NotFound(next(texts))), asked(**client))


def repeated(part: str, length: int) -> str:
    """Return a header of that length, made of a part in which ``{}`` stands for a number."""
    parts = (part.format(number) for number in range(length))
    return ",".join(itertools.islice(parts, length // len(part.format(0)) + 1))[:length]


def header(length: int, part: str, name: str = "Accept") -> Turn:
    """Ask for a page with a header of so many bytes."""
    wanted = {**HTML, name: repeated(part, length)}
    return asking(raising(lambda: NotFound("no such user")), asked(**wanted))


def reading(length: int) -> Turn:
    """Ask plain Flask for what it makes of an Accept of so many bytes."""
    app = flask.Flask("plain")

    @app.get("/")
    def view() -> str:
        return str(flask.request.accept_mimetypes.best_match(["application/json", "text/html"]))

    return asking(app, asked(Accept=repeated("a/b{}", length)))


def path(length: int) -> Turn:
    """Ask for a path of so many bytes, which the message repeats and the log has."""
    app = raising(lambda: NotFound(f"no {flask.request.path}"), logged=True)
    return asking(app, asked("/" + "<" * (length - 1), **HTML))


def chain(depth: int) -> Exception:
    """Return an exception that was raised from one that was raised from one, and so on."""

    def link(cause: Exception | None) -> None:
        raise ValueError("no") from cause

    last: Exception | None = None
    for _ in range(depth):
        try:
            link(last)
        except ValueError as error:
            last = error
    return last or ValueError("no")


def causes(depth: int, kind: Callable[[str], Exception]) -> Turn:
    """Raise a failure, or what nobody catches, at the end of a chain of so many causes."""
    cause = chain(depth)

    def failure() -> Exception:
        error = kind("no such shard")
        error.__cause__ = cause
        return error

    return asking(raising(failure, logged=True), asked(**JSON))


def threads(count: int) -> Turn:
    """Let so many threads ask at once, for documents and pages."""
    app = raising(lambda: NotFound("no such user"))
    environs = [asked(**JSON), asked(**HTML)]
    requests = 200

    def some() -> None:
        for number in range(requests // count):
            ask(app, dict(environs[number % 2]))

    def turn() -> float:
        several = [threading.Thread(target=some) for _ in range(count)]
        start = time.process_time()
        for thread in several:
            thread.start()
        for thread in several:
            thread.join()
        return (time.process_time() - start) / requests

    return turn


class Panel(NamedTuple):
    """What grows.

    :param name: in a word or two, with its unit.
    :param sizes: from the smallest to the largest.
    :param makers: by what is asked, makes a turn of a size.
    """

    name: str
    sizes: Sequence[int]
    makers: Mapping[str, Callable[[int], Turn]]


PANELS = (
    Panel("declared problem types", (1, 10, 100, 1_000), {"a document": types}),
    Panel("problem types in OpenAPI", (1, 10, 100, 1_000), {"openapi(app)": document}),
    Panel("prefixes in the policy", (1, 10, 100, 1_000), {"a document": prefixes}),
    Panel(
        "issues in errors",
        (1, 10, 100, 1_000, 10_000),
        {
            "a document": functools.partial(issues, client=JSON),
            "a page": functools.partial(issues, client=HTML),
        },
    ),
    Panel(
        "message, characters",
        (10, 100, 1_000, 10_000, 100_000, 1_000_000),
        {
            "a document": functools.partial(message, client=JSON),
            "a page": functools.partial(message, client=HTML),
            "a document, logged": functools.partial(message, client=JSON, logged=True),
            "a page, all to be escaped": functools.partial(
                message, client=HTML, part="<\x1b\u20ac"
            ),
        },
    ),
    Panel(
        "different messages",
        (1, 10, 100, 1_000, 10_000),
        {
            "a document": functools.partial(messages, client=JSON),
            "a page": functools.partial(messages, client=HTML),
        },
    ),
    Panel(
        "Accept, bytes",
        (10, 100, 1_000, 10_000),
        {
            "a page, types": functools.partial(header, part="a/b{}"),
            "a page, types with q": functools.partial(header, part="a/b{};q=0.5"),
            "a page, one parameter": functools.partial(header, part="a/b;x=" + "a" * 20_000),
            "plain Flask: best_match()": reading,
        },
    ),
    Panel(
        "Accept-Language, bytes",
        (10, 100, 1_000, 10_000),
        {
            "a page, languages": functools.partial(header, part="x{}", name="Accept_Language"),
            "a page, refused": functools.partial(header, part="x{};q=0", name="Accept_Language"),
            "a page, subtags": functools.partial(
                header, part="x-" * 10_000, name="Accept_Language"
            ),
        },
    ),
    Panel(
        "path, bytes",
        (10, 100, 1_000, 10_000),
        {"a page that repeats it, logged": path},
    ),
    Panel(
        "causes, depth",
        (1, 10, 100, 1_000),
        {
            "404, logged without its stack": functools.partial(causes, kind=NotFound),
            "503, logged with its stack": functools.partial(causes, kind=ServiceUnavailable),
            "500, Flask's record": functools.partial(causes, kind=RuntimeError),
        },
    ),
    Panel("threads", (1, 2, 4, 8), {"documents and pages": threads}),
)


class Line(NamedTuple):
    """What a request takes at each of the sizes, in µs."""

    panel: str
    asked_for: str
    sizes: Sequence[int]
    times: Sequence[Spread]

    @property
    def exponent(self) -> float:
        """How it grows at the end: 0 not at all, 1 in proportion, 2 with the square."""
        (size, larger), (time_, longer) = self.sizes[-2:], [one.median for one in self.times[-2:]]
        return math.log(longer / time_) / math.log(larger / size)


def micro(seconds: Sequence[float]) -> Spread:
    """Return the spread of times in µs."""
    return spread(one * 1e6 for one in seconds)


def grown(panel: Panel, rounds: int, most: float = math.inf) -> list[Line]:
    """Measure one panel.

    :param most: larger sizes are left out, but for the two smallest.
    """
    sizes = [size for place, size in enumerate(panel.sizes) if place < 2 or size <= most]
    turns = {(name, size): make(size) for name, make in panel.makers.items() for size in sizes}
    times = interleaved(turns, rounds)
    return [
        Line(panel.name, name, sizes, [micro(times[name, size]) for size in sizes])
        for name in panel.makers
    ]


def strangers(count: int) -> list[Line]:
    """Let strangers send that many requests, no two the same, and measure what that does.

    Honest clients, who all send the same, come in between.
    """
    app = caching.failing_app()
    sizes, size = list[int](), count
    while size >= 20 * STRANGERS or len(sizes) < 2:
        sizes.append(size)
        size //= 10
    sizes.reverse()
    lines: dict[str, list[Spread]] = {"of strangers": [], "of honest clients": []}
    numbers = itertools.count()
    honest = asked("/no-such-user", **HTML)

    def turn(environs: Sequence[dict[str, Any]]) -> float:
        start = time.process_time()
        for environ in environs:
            ask(app, environ)
        return (time.process_time() - start) / len(environs)

    seen = 0
    turn([dict(honest)])
    for size in sizes:
        times: dict[str, list[float]] = {name: [] for name in lines}
        while seen < size:
            some = itertools.islice(numbers, min(STRANGERS, size - seen))
            environs = [caching.stranger(number) for number in some]
            seen += len(environs)
            times["of strangers"].append(turn(environs))
            times["of honest clients"].append(turn([dict(honest)]))
        for name, several in times.items():
            lines[name].append(micro(several))
    return [Line("requests, no two the same", name, sizes, found) for name, found in lines.items()]


def measure(rounds: int = ROUNDS, strange: int = STRANGE, most: float = math.inf) -> list[Line]:
    """Measure everything that can grow."""
    lines = [line for panel in PANELS for line in grown(panel, rounds, most)]
    return lines + strangers(strange)


def table(lines: Sequence[Line]) -> Table:
    """Return a row for each line: where it begins, where it ends, and how it grows there."""
    columns = ["what grows", "asked for", "from", "µs", "to", "µs", "exponent"]
    rows = [
        [
            *(line.panel, line.asked_for),
            *(f"{line.sizes[0]:,}", f"{line.times[0].median:,.0f}"),
            *(f"{line.sizes[-1]:,}", f"{line.times[-1].median:,.0f}"),
            f"{line.exponent:z.1f}",
        ]
        for line in lines
    ]
    return Table(columns, rows)


def main(rounds: int = ROUNDS, strange: int = STRANGE, most: float = math.inf) -> None:
    """Measure and print."""
    table(measure(rounds, strange, most)).show()
    caching.table().show()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
