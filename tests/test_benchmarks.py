"""The benchmarks: each one runs, and what it measures grows no further than it may."""

import csv
import functools
import gc
import importlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from flask_httpstatus import http

ROOT = Path(__file__).parent.parent
BENCHMARKS = ROOT / "tests" / "benchmarks"
FIGURES = ROOT / "docs" / "figures"
#: At the smallest size.
SMALLEST = {
    "failing.py": ["1"],
    "growing.py": ["1", "100", "10"],
    "importing.py": ["1"],
    "load.py": ["1"],
    "memory.py": ["1000"],
    "open_redirects.py": ["{page}"],
}
#: What the scripts import but for the package.
NEEDED = {"memory.py": "marshmallow", "load.py": "gunicorn", "open_redirects.py": "ada_url"}
#: What no command runs.
SHARED = {"all.py", "drawing.py", "caching.py", "measuring.py"}


def run(script, *arguments):
    """Return what the script prints."""
    command = [sys.executable, BENCHMARKS / script, *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def caching(monkeypatch):
    """Return the benchmark as a module."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("caching")


def test_every_script_is_tested():
    """The scripts that are run here are all that there are."""
    assert SMALLEST.keys() | SHARED == {path.name for path in BENCHMARKS.glob("*.py")}


@pytest.mark.parametrize("script", SMALLEST)
def test_script(tmp_path, script):
    """A benchmark runs at its smallest size and prints lines with figures."""
    pytest.importorskip(NEEDED.get(script, "flask"))
    page = tmp_path / "page.md"
    shutil.copy(ROOT / "docs" / "open-redirects.md", page)
    printed = run(script, *(one.format(page=page) for one in SMALLEST[script]))
    figures = [line for line in printed.splitlines() if re.search(r"[0-9]", line)]
    assert len(figures) >= 2
    assert not re.search(r"\b(?:nan|inf)\b", printed)


def figures_of(path):
    """Return the rows of a table as they are included, by the name of the column."""
    with path.open(encoding="utf-8", newline="") as file:
        columns, *rows = csv.reader(file)
    return columns, rows


def number(cell):
    """Return the figure in a cell of a table."""
    return float(cell.replace(",", "").removesuffix(" %"))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return the folder in which everything has been measured, at the smallest size."""
    pytest.importorskip("matplotlib")
    pytest.importorskip("marshmallow")
    folder = tmp_path_factory.mktemp("figures")
    sizes = ["--rounds=1", "--strange=100", "--failures=100", "--most=10"]
    run("all.py", *sizes, f"--folder={folder}")
    return folder


def test_all_figures_are_written(written):
    """One command writes every table and picture that the documentation has."""
    included = re.findall(r"figures/([\w.]+)", (ROOT / "docs" / "speed.md").read_text("utf-8"))
    names = {path.name for path in written.iterdir()}
    assert names == set(included) == {path.name for path in FIGURES.iterdir()}


@pytest.mark.parametrize(
    ("name", "column", "low", "high"),
    [
        ("failing.csv", 1, 0.1, 100),
        ("failing.csv", 3, 1, 1e6),
        ("growing.csv", 3, 1, 1e6),
        ("growing.csv", 5, 1, 1e6),
        ("caches.csv", 1, 0, 1_024),
        ("importing.csv", 1, 1, 1e5),
        ("memory.csv", 1, -1e5, 1e8),
    ],
)
def test_rows_are_plausible(written, name, column, low, high):
    """Every row has figures of a sensible size, in as many columns as the table has."""
    columns, rows = figures_of(written / name)
    assert len(rows) >= 2
    assert {len(row) for row in rows} == {len(columns)}
    assert all(low <= number(row[column]) <= high for row in rows)


def test_the_same_rows_are_in_the_documentation(written):
    """The tables of the documentation have the rows and columns that the scripts write today."""
    for name in ("failing.csv", "growing.csv", "importing.csv"):
        columns, rows = figures_of(written / name)
        shown_columns, shown = figures_of(FIGURES / name)
        assert shown_columns == columns
        assert [row[0] for row in shown] == [row[0] for row in rows]


@pytest.mark.parametrize("name", ["failing.svg", "growing.svg", "memory.svg"])
def test_pictures(written, name):
    """A picture has axes with names, and no background that would hide the page's own."""
    svg = ET.parse(written / name).getroot()
    texts = {
        "".join(element.itertext()) for element in svg.iter("{http://www.w3.org/2000/svg}text")
    }
    wanted = {
        "failing.svg": {"times as long as a ready Response"},
        "growing.svg": {"process time", "Accept, bytes", "threads"},
        "memory.svg": {"failures", "kB more than at first"},
    }
    assert wanted[name] <= texts
    assert "fill: #ffffff" not in (written / name).read_text("utf-8")


def test_caches_are_bounded(caching):
    """Strangers who send nothing twice fill no cache beyond its limit, and each cache has one."""
    caching.fill(caching.failing_app())
    found = caching.caches()
    full = [name for name, (entries, limit) in found.items() if entries == limit >= 256]
    assert len(full) >= 4
    assert all(entries <= limit <= caching.MANY for entries, limit in found.values())


def test_a_cache_without_a_limit_is_found(caching):
    """A cache of the package that could grow without end is an error."""

    def endless(code):
        return code

    endless.__module__ = http.__name__
    cache = functools.cache(endless)
    with pytest.raises(KeyError, match=r"http\.endless"):
        caching.caches()
    assert cache(404) == 404
    del cache
    gc.collect()
