"""Measures everything, and writes the tables and pictures of docs/speed.md.

Run: python tests/benchmarks/all.py, on a machine that does nothing else. A million failures take
a quarter of an hour by themselves: python tests/benchmarks/all.py memory --failures 1000000
"""

import argparse
import math
import os
import platform
import re
import time
from importlib.metadata import version
from pathlib import Path

import caching
import drawing
import failing
import growing
import importing
import memory

MILLION = 1_000_000
FIGURES = Path(__file__).resolve().parents[2] / "docs" / "figures"


def machine() -> str:
    """Return on what was measured, as a sentence."""
    cpu = Path("/proc/cpuinfo")
    named = re.search(r"model name\s*: (.+)", cpu.read_text("utf-8")) if cpu.exists() else None
    packages = ", ".join(f"{name} {version(name)}" for name in ("Flask", "Werkzeug"))
    return (
        f"Measured on {time.strftime('%Y-%m-%d')} with Python {platform.python_version()}, "
        f"{packages}, on {os.cpu_count()} cores of {named[1] if named else platform.machine()}, "
        f"{platform.system()}.\n"
    )


def write_failing(options: argparse.Namespace) -> None:
    """Compare failures with ready responses."""
    found = failing.measure(options.rounds)
    failing.table(found).write(options.folder / "failing.csv")
    ratios = {one.name: one.ratio for one in found}
    drawing.bars(options.folder / "failing.svg", ratios, "times as long as a ready Response")


def write_growing(options: argparse.Namespace) -> None:
    """Measure how cost grows."""
    lines = growing.measure(options.rounds, options.strange, options.most)
    growing.table(lines).write(options.folder / "growing.csv")
    caching.table().write(options.folder / "caches.csv")
    drawing.growth(options.folder / "growing.svg", lines)


def write_memory(options: argparse.Namespace) -> None:
    """Measure what is kept."""
    found = memory.measure(options.failures)
    memory.table(found).write(options.folder / "memory.csv")
    drawing.memory(options.folder / "memory.svg", found.grown)


def write_importing(options: argparse.Namespace) -> None:
    """Measure the import."""
    found = importing.measure(options.rounds)
    importing.table(found).write(options.folder / "importing.csv")
    importing.table_of_modules(found).write(options.folder / "modules.csv")


WRITERS = {
    "failing": write_failing,
    "growing": write_growing,
    "importing": write_importing,
    "memory": write_memory,
}


def main() -> None:
    """Measure what is asked for, by default everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", help=f"of {', '.join(WRITERS)}; by default all")
    parser.add_argument("--rounds", type=int, default=failing.ROUNDS)
    parser.add_argument("--strange", type=int, default=MILLION, help="strange requests")
    parser.add_argument("--failures", type=int, default=memory.FAILURES, help="kept in memory")
    parser.add_argument("--most", type=float, default=math.inf, help="no larger sizes than this")
    parser.add_argument("--folder", type=Path, default=FIGURES, help="where the figures go")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for name in options.what or WRITERS:
        start = time.monotonic()
        WRITERS[name](options)
        print(f"{name}: {time.monotonic() - start:.0f} s")
    (options.folder / "machine.txt").write_text(machine(), "utf-8")


if __name__ == "__main__":
    main()
