"""Caching: the caches of the package, how full they are, and strangers who fill them."""

import functools
import gc
from collections.abc import Iterator
from typing import Any

import flask
from measuring import Table, ask, asked

from flask_httpstatus import Failures, NotFound

PACKAGE = Failures.__module__.partition(".")[0]
#: Caches without a limit, whose arguments are few: a status, or none at all.
FEW = {"facts._facts": 1_000, "page._template": 1}
#: More than any cache has room for.
MANY = 1_100
_BROWSER = asked(Accept="text/html", Accept_Language="de")
_PROGRAM = asked(Accept="application/json")


def _caches() -> Iterator[tuple[str, Any]]:
    # Those of an application are found nowhere else.
    for one in gc.get_objects():
        # Not isinstance(), which asks Flask's proxies outside of a request.
        if type(one) is functools._lru_cache_wrapper and one.__module__.startswith(PACKAGE):
            yield f"{one.__module__.rpartition('.')[2]}.{one.__name__}", one


def caches() -> dict[str, tuple[int, int]]:
    """Return the entries and the limit of every cache of the package.

    Of those that every application has for itself it is the fullest.

    :raises KeyError: for one without a limit, whose arguments may be many.
    """
    found: dict[str, tuple[int, int]] = {}
    for name, cache in _caches():
        info = cache.cache_info()
        entries = info.currsize, info.maxsize or FEW[name]
        found[name] = max(entries, found.get(name, entries))
    return found


def forget() -> None:
    """Empty the caches that have a limit."""
    for _, cache in _caches():
        if cache.cache_info().maxsize:
            cache.cache_clear()


def stranger(number: int, *, browser: bool = True, padding: str = "") -> dict[str, Any]:
    """Return a request that has nothing in common with that of another number.

    :param padding: makes its texts longer.
    """
    accept = "text/html" if browser else "application/json"
    return {
        **(_BROWSER if browser else _PROGRAM),
        "HTTP_ACCEPT": f"{accept},x/{number};q=0.9,*/*;q=0.8",
        "HTTP_ACCEPT_LANGUAGE": f"x{number},de;q=0.5",
        "PATH_INFO": f"/{number}{padding}",
    }


def failing_app() -> flask.Flask:
    """Return an application that repeats the path in its messages, and that has a home page."""
    app = flask.Flask("caching")
    Failures(app, log_levels={"4xx": None})

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def view(path: str) -> str:
        raise NotFound(f"no {path}")

    return app


def fill(app: flask.Flask, many: int = MANY, padding: str = "") -> None:
    """Let strangers fill the caches, from browsers and programs, below prefixes of their own."""
    for number in range(many):
        for browser in (True, False):
            environ = stranger(number, browser=browser, padding=padding)
            ask(app, {**environ, "SCRIPT_NAME": f"/{number}"})


def table() -> Table:
    """Return a row for each cache."""
    rows = [[name, f"{size:,}", f"{limit:,}"] for name, (size, limit) in sorted(caches().items())]
    return Table(["cache", "entries", "limit"], rows)
