"""Measures what ``import flask_httpstatus`` takes beside ``import flask``, and what it loads.

Every import is that of a new interpreter; with the bytecode that the first import has written, and
without any. Run: python tests/benchmarks/importing.py [ROUNDS]
"""

import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from measuring import Spread, Table, interleaved, spread

ROUNDS = 40
PACKAGE = "flask_httpstatus"
NOTHING, FLASK, OURS = "pass", "import flask", f"import flask, {PACKAGE}"
PROGRAMS = (NOTHING, FLASK, OURS)
_ABOUT_BYTECODE = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"}
_LOADED = """
import sys, flask
before = set(sys.modules)
import flask_httpstatus
print(*set(sys.modules) - before, sep="\\n")
"""


class Imported(NamedTuple):
    """What the imports take, and what they load.

    :param milliseconds: of Flask, of Failures beside it, by whether there is bytecode.
    :param fraction: the one as a fraction of the other.
    :param loaded: the modules that are loaded beside Flask's.
    """

    milliseconds: dict[bool, tuple[Spread, Spread]]
    fraction: dict[bool, Spread]
    loaded: list[str]


def run(program: str, bytecode: Path | None) -> float:
    """Run the program in a new interpreter, and return its seconds of process time.

    :param bytecode: the folder where bytecode is read and written, None for none at all.
    """
    environ = {name: value for name, value in os.environ.items() if name not in _ABOUT_BYTECODE}
    with tempfile.TemporaryDirectory() as empty:
        options = ["-B"] if bytecode is None else []
        options += ["-X", f"pycache_prefix={bytecode or empty}"]
        process = subprocess.Popen([sys.executable, *options, "-c", program], env=environ)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{program!r} has failed")
    return used.ru_utime + used.ru_stime


def loaded() -> list[str]:
    """Return the modules that the package loads beside those of Flask."""
    command = [sys.executable, "-c", _LOADED]
    return sorted(
        subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    )


def measure(rounds: int = ROUNDS) -> Imported:
    """Measure both, round by round beside an interpreter that imports nothing."""
    with tempfile.TemporaryDirectory() as folder:
        turns: dict[tuple[str, bool], Callable[[], float]] = {
            (program, bytecode): functools.partial(run, program, Path(folder) if bytecode else None)
            for program in PROGRAMS
            for bytecode in (True, False)
        }
        times = interleaved(turns, rounds)
    milliseconds: dict[bool, tuple[Spread, Spread]] = {}
    fraction: dict[bool, Spread] = {}
    for bytecode in (True, False):
        several = zip(*(times[program, bytecode] for program in PROGRAMS), strict=True)
        differences = [(flask - nothing, ours - flask) for nothing, flask, ours in several]
        milliseconds[bytecode] = (
            spread(1e3 * flask for flask, _ in differences),
            spread(1e3 * ours for _, ours in differences),
        )
        fraction[bytecode] = spread(100 * ours / flask for flask, ours in differences)
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
