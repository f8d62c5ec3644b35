"""What the documentation says that can be checked."""

import ast
import re
from pathlib import Path

import pytest

from flask_httpstatus import Failures, Flask
from flask_httpstatus.negotiation import FORMATS

DOCS = Path(__file__).parent.parent / "docs"


def table(path, *columns):
    """Return the rows of the table that has these columns, without the quotes of code."""
    rows = None
    for line in path.read_text("utf-8").splitlines():
        cells = tuple(cell.strip().replace("`", "") for cell in line.strip().strip("|").split("|"))
        if cells == columns:
            rows = []
        elif rows is not None and not line.startswith("|"):
            return rows
        elif rows is not None and not set("".join(cells)) <= set("-:"):
            rows.append(cells)
    return rows


@pytest.mark.parametrize(
    ("offered", "accept", "answered"),
    table(DOCS / "negotiation.md", "offered", "Accept", "answered"),
)
def test_negotiation(offered, accept, answered):
    """A failure is answered in the format that the table of negotiation says."""
    app = Flask("example")
    app.register_extension(Failures(formats=offered.split(", ")))
    response = app.test_client().get("/", headers={"Accept": accept} if accept else {})
    assert response.mimetype == FORMATS[answered].media_type
    assert ("Accept" in response.vary) == ("," in offered)


def test_formats():
    """The table of formats has every one that is always there."""
    rows = table(DOCS / "negotiation.md", "name", "media type", "also understood as")
    assert {name: media_type for name, media_type, _ in rows} == {
        format_.name: format_.media_type for format_ in FORMATS.values()
    }


def named_tests():
    """Return the tests that the explanations name: file and function."""
    text = (DOCS / "why.md").read_text("utf-8")
    return re.findall(r"`(test_\w+\.py): (test_\w+)`", text)


@pytest.mark.parametrize(("file", "name"), named_tests())
def test_named_tests_exist(file, name):
    """A test that the documentation names for a promise is there."""
    tree = ast.parse((Path(__file__).parent / file).read_text("utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
