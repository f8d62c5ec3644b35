"""The examples are short enough to be read, and the documentation shows all of them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS, EXAMPLES = ROOT / "docs", ROOT / "examples"
#: The tutorial builds it, and has a test of its own.
NOTES = EXAMPLES / "notes"

SHOWN = {
    (page.parent / path).resolve()
    for page in DOCS.glob("*.md")
    for path in re.findall(r"^```\{literalinclude\} (\S+)$", page.read_text("utf-8"), re.MULTILINE)
}


@pytest.mark.parametrize("name", ["problems_api.py", "two_services.py", "bakery/**/*.py"])
def test_short(name):
    """A pure JSON API, two services and a site are at most 80 lines of Python each."""
    lines = [line for path in EXAMPLES.glob(name) for line in path.read_text("utf-8").splitlines()]
    assert 0 < len(lines) <= 80


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=str(path.relative_to(EXAMPLES)))
        for path in sorted(EXAMPLES.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and NOTES not in path.parents
    ],
)
def test_shown(path):
    """Every file of an example is shown in the documentation, as it is."""
    assert path in SHOWN
