"""Measuring: how the benchmarks ask an application, take turns, and write down what they found."""

import csv
import gc
import io
import random
import statistics
import time
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from flask import Flask
from werkzeug.test import create_environ

#: How long a turn should take, in seconds: the clock is a thousand times finer.
TURN = 0.015
MOST_REQUESTS = 200
S = TypeVar("S", bound=Hashable)


class Answer(NamedTuple):
    """What an application has answered."""

    status: str
    content_type: str
    body: bytes


class Spread(NamedTuple):
    """What was measured in many rounds: half of them lie between low and high."""

    low: float
    median: float
    high: float


def ask(app: Flask, environ: dict[str, Any]) -> Answer:
    """Ask as servers do (PEP 3333): take the start, then piece by piece the body, then close it."""
    started: list[Any] = []
    pieces: list[bytes] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> Callable[[bytes], None]:
        started[:] = [status, headers]
        return pieces.append

    body: Any = app(environ, start_response)
    try:
        for piece in body:
            pieces.append(piece)  # noqa: PERF402 - as a server writes them
    finally:
        body.close()
    status, headers = started
    return Answer(status, dict(headers)["Content-Type"], b"".join(pieces))


def asked(path: str = "/", **headers: str) -> dict[str, Any]:
    """Return the environment of a request, made once and copied for each: ``Accept_Language=``."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return create_environ(path, headers=given)


def asking(app: Flask, environ: Mapping[str, Any]) -> Callable[[], float]:
    """Return a turn: many requests, of which it tells what one takes in seconds of process time."""

    def fresh() -> dict[str, Any]:
        return {**environ, "wsgi.input": io.BytesIO()}

    def turn(requests: int) -> float:
        environs = [fresh() for _ in range(requests)]
        start = time.process_time()
        for one in environs:
            ask(app, one)
        return (time.process_time() - start) / requests

    turn(2)
    requests = round(min(max(TURN / turn(3), 1), MOST_REQUESTS))
    return lambda: turn(requests)


def interleaved(turns: Mapping[S, Callable[[], float]], rounds: int) -> dict[S, list[float]]:
    """Let the subjects take turns, in a new order in every round, and return what each took.

    So a machine whose speed drifts slows all of them, and no subject always follows the same one.
    What is there before the first round is kept out of the collector's way, which has to look
    through what the requests leave behind and nothing else.
    """
    gc.collect()
    gc.freeze()
    times: dict[S, list[float]] = {subject: [] for subject in turns}
    order = list(turns)
    for round_ in range(rounds + 1):
        random.shuffle(order)
        for subject in order:
            gc.collect()
            seconds = turns[subject]()
            if round_:  # the first one warms up
                times[subject].append(seconds)
    gc.unfreeze()
    return times


def spread(values: Iterable[float]) -> Spread:
    """Return the median and the quartiles; of a single value, that value."""
    several = list(values)
    if len(several) == 1:
        return Spread(*several * 3)
    return Spread(*statistics.quantiles(several, n=4))


def ratios(times: Sequence[float], others: Sequence[float]) -> Spread:
    """Return how many times as long the one takes, compared round by round."""
    return spread(one / other for one, other in zip(times, others, strict=True))


class Table(NamedTuple):
    """What was found, in words and figures."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def show(self) -> None:
        """Print it: the first column to the left, the figures to the right."""
        lines = [self.columns, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        for first, *rest in lines:
            cells = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
            print("  ".join([first.ljust(widths[0]), *cells]))

    def write(self, path: Path) -> None:
        """Write it where the documentation includes it."""
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([self.columns, *self.rows])
