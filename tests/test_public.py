"""What the package offers, and whether everybody can see it."""

import ast
import builtins
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import flask_httpstatus
from flask_httpstatus import KINDS, Failure

ROOT = Path(__file__).parent.parent
PACKAGE = Path(flask_httpstatus.__file__).parent
PUBLIC = [getattr(flask_httpstatus, name) for name in flask_httpstatus.__all__]


def test_sorted():
    """The public names are sorted, and none stands twice."""
    assert flask_httpstatus.__all__ == sorted(set(flask_httpstatus.__all__))


def test_complete():
    """What the package imports for its users is in its list of public names."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))
    imported = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert imported - {"NotImplemented"} == set(flask_httpstatus.__all__)


def test_no_logic():
    """The package's own module has names only."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))
    assert {type(node) for node in tree.body} <= {ast.Expr, ast.ImportFrom, ast.Assign}


def test_no_builtin_is_hidden():
    """A star import hides no builtin; NotImplemented has to be asked for by name."""
    assert not set(flask_httpstatus.__all__) & set(dir(builtins))
    assert flask_httpstatus.NotImplemented is KINDS[501]


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_every_kind_is_public(kind):
    """A kind can be imported from the package."""
    assert getattr(flask_httpstatus, kind.__name__) is kind


def test_modules_without_extras():
    """Importing the package loads no more than Flask and what Flask brings."""
    program = (
        "import sys, flask; before = set(sys.modules); import flask_httpstatus;"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    command = [sys.executable, "-c", program]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert set(loaded) <= {"flask_httpstatus"} | sys.stdlib_module_names


def described():
    """Return every public class and function, with the public methods of our classes."""
    for thing in PUBLIC:
        if inspect.isclass(thing) or inspect.isfunction(thing):
            yield thing
        if inspect.isclass(thing):
            for name, method in vars(thing).items():
                if not name.startswith("_") and callable(method):
                    yield method


@pytest.mark.parametrize("thing", list(described()), ids=lambda thing: thing.__qualname__)
def test_described(thing):
    """Everything public has a docstring that begins with one sentence."""
    first = inspect.cleandoc(thing.__doc__ or "").split("\n\n")[0]
    assert re.fullmatch(r"[A-Z][^\n]*(\n[^\n]+)*[.]", first), first


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_kinds_say_when(kind):
    """The docstring of a kind says when to raise it, and does not repeat its number."""
    assert kind.__doc__.startswith(("Raise ", "Raise, "))
    assert str(kind.code) not in kind.__doc__


def test_editors_see_the_names():
    """An editor that completes ``from flask_httpstatus import`` offers every public name."""
    jedi = pytest.importorskip("jedi")
    line = "from flask_httpstatus import "
    offered = {one.name for one in jedi.Script(line).complete(1, len(line))}
    assert set(flask_httpstatus.__all__) <= offered


def test_a_failure_has_no_code_of_its_own():
    """Failure defines neither code nor description, which would hide Werkzeug's."""
    assert not {"code", "description"} & set(vars(Failure))
