"""Measures what ``import flask_httpstatus`` takes beside ``import flask``, and what it loads.

Every import is that of a new interpreter; with the bytecode that the first import has written, and
without any. Run: python tests/benchmarks/importing.py [ROUNDS]
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from measuring import Spread, Table, spread

ROUNDS = 40
PACKAGE = "flask_httpstatus"
_ABOUT_BYTECODE = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"}
# Not the whole interpreter: a sixth of its time it frees at its end what was loaded.
_TIMED = f"""
import time
start = time.process_time()
import flask
between = time.process_time()
import {PACKAGE}
print(between - start, time.process_time() - between)
"""
_LOADED = """
import sys, flask
before = set(sys.modules)
import flask_httpstatus
print(*set(sys.modules) - before, sep="\\n")
"""


class Imported(NamedTuple):
    """What the imports take, and what they load.

    :param milliseconds: of Flask, and of the package after it, by whether there is bytecode.
    :param fraction: the one as a fraction of the other.
    :param loaded: the modules that are loaded beside Flask's.
    """

    milliseconds: dict[bool, tuple[Spread, Spread]]
    fraction: dict[bool, Spread]
    loaded: list[str]


def run(bytecode: Path | None) -> tuple[float, float]:
    """Return the seconds of process time that the two imports take in a new interpreter.

    :param bytecode: the folder where bytecode is read and written, None for none at all.
    """
    environ = {name: value for name, value in os.environ.items() if name not in _ABOUT_BYTECODE}
    with tempfile.TemporaryDirectory() as empty:
        options = ["-B"] if bytecode is None else []
        options += ["-X", f"pycache_prefix={bytecode or empty}"]
        command = [sys.executable, *options, "-c", _TIMED]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environ)
    flask, ours = map(float, done.stdout.split())
    return flask, ours


def loaded() -> list[str]:
    """Return the modules that the package loads beside those of Flask."""
    command = [sys.executable, "-c", _LOADED]
    return sorted(
        subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    )


def measure(rounds: int = ROUNDS) -> Imported:
    """Measure both, with bytecode and without in turn."""
    times: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    with tempfile.TemporaryDirectory() as folder:
        for round_ in range(rounds + 1):
            for bytecode, several in times.items():
                found = run(Path(folder) if bytecode else None)
                if round_:  # the first one writes the bytecode
                    several.append(found)
    milliseconds: dict[bool, tuple[Spread, Spread]] = {}
    fraction: dict[bool, Spread] = {}
    for bytecode, several in times.items():
        milliseconds[bytecode] = (
            spread(1e3 * flask for flask, _ in several),
            spread(1e3 * ours for _, ours in several),
        )
        fraction[bytecode] = spread(100 * ours / flask for flask, ours in several)
    return Imported(milliseconds, fraction, loaded())


def table(found: Imported) -> Table:
    """Return a row for imports with bytecode, and one without."""
    rows: list[list[str]] = []
    for bytecode, (flask, ours) in found.milliseconds.items():
        low, middle, high = found.fraction[bytecode]
        figures = f"{flask.median:.1f}", f"{ours.median:.1f}", f"{middle:.1f} %"
        name = "with bytecode" if bytecode else "without bytecode"
        rows.append([name, *figures, f"{low:.1f}-{high:.1f} %"])
    columns = ["", "ms of Flask", "ms of Flask-HTTPStatus", "fraction", "quartiles"]
    return Table(columns, rows)


def table_of_modules(found: Imported) -> Table:
    """Return what is loaded, the package's own rooms and others' modules."""
    own = [name.partition(".")[2] for name in found.loaded if name.startswith(f"{PACKAGE}.")]
    others = [name for name in found.loaded if name.partition(".")[0] != PACKAGE]
    rows = [
        [f"{len(own)} of the package", ", ".join(own)],
        [f"{len(others)} of others", ", ".join(others) or "none"],
    ]
    return Table(["modules that Flask does not load", ""], rows)


def main(rounds: int = ROUNDS) -> None:
    """Measure and print."""
    found = measure(rounds)
    table(found).show()
    table_of_modules(found).show()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
