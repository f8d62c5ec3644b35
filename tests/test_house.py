"""The shape of the package: which room knows which, and what each is for."""

import ast
import itertools
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import flask
import pytest

import flask_httpstatus

PACKAGE = Path(flask_httpstatus.__file__).parent
ROOT = Path(__file__).parent.parent
#: From the ground up: a room imports only from those before it.
FLOORS = [
    "statuses",
    "facts",
    "http",
    "headers",
    "texts",
    "raising",
    "conversion",
    "registry",
    "attributes",
    "failures",
    "issues",
    "placing",
    "readers",
    "traits",
    "kinds",
    "members",
    "keeping",
    "negotiation",
    "translations",
    "levels",
    "settings",
    "problems",
    "redirects",
    "document",
    "overrides",
    "pieces",
    "page",
    "rendering",
    "agreement",
    "preparing",
    "reporting",
    "answering",
    "adoption",
    "catching",
    "declarations",
    "preview",
    "extension",
    "annotations",
    "schemas",
    "examples",
    "pages",
    "operations",
    "openapi",
    "specs",
    "cli",
    "parsing",
    "responses",
    "client",
    "conformance",
    "testing",
    "tracing",
]
ROOMS = sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__")


def imports(room):
    """Return the rooms that a room imports when it is loaded."""
    tree = ast.parse((PACKAGE / f"{room}.py").read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            yield from [node.module] if node.module else [alias.name for alias in node.names]


def test_every_room_has_a_floor():
    """The list of floors is the list of rooms."""
    assert sorted(FLOORS) == ROOMS


@pytest.mark.parametrize("room", ROOMS)
def test_imports_run_downwards(room):
    """A room imports only rooms below it."""
    below = FLOORS[: FLOORS.index(room)]
    assert set(imports(room)) <= set(below)


#: What the next Flask (3.2) has no longer, deprecates, or calls with the context before the rest.
CHANGING = {
    *("__version__", "RequestContext", "request_ctx", "should_ignore_error"),
    *("handle_exception", "handle_http_exception", "handle_user_exception", "log_exception"),
    *("full_dispatch_request", "finalize_request", "preprocess_request", "process_response"),
    *("make_default_options_response", "raise_routing_exception", "update_template_context"),
    *("do_teardown_request", "do_teardown_appcontext"),
}


@pytest.mark.parametrize("room", ROOMS)
def test_next_flask(room):
    """A room uses nothing of Flask and Werkzeug that will change, nor what is theirs alone."""
    used = set()
    for node in ast.walk(ast.parse((PACKAGE / f"{room}.py").read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            used.add(node.attr)
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names = {alias.name for alias in node.names}
            used |= names
            private = {part for part in (*node.module.split("."), *names) if part.startswith("_")}
            assert private <= {"__future__", "_typeshed"}
    assert not used & CHANGING


@pytest.mark.parametrize("class_", [flask_httpstatus.ExtensionHost, flask_httpstatus.Flask])
def test_flask_is_not_overridden(class_):
    """The classes to derive an application from override nothing of Flask's."""
    assert not {name for name in vars(class_) if not name.startswith("__")} & set(dir(flask.Flask))


def test_first_floor():
    """Importing the package loads the first floor, and nothing of the second."""
    program = "import sys, flask_httpstatus; print(*sys.modules)"
    command = [sys.executable, "-c", program]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    rooms = {name.partition(".")[2] for name in loaded if name.startswith("flask_httpstatus.")}
    text = " ".join((ROOT / "docs/house.md").read_text("utf-8").split())
    (second,) = re.findall(r"the second, from `(\w+)` on", text)
    assert rooms == set(FLOORS[: FLOORS.index(second)])


def sentence_of(room):
    """Return the first sentence of the docstring of a room."""
    tree = ast.parse((PACKAGE / f"{room}.py").read_text("utf-8"))
    return (ast.get_docstring(tree) or "").split("\n\n")[0]


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_is_one_noun(room):
    """A room says in the first sentence of its docstring what it is."""
    sentence = sentence_of(room)
    assert re.fullmatch(r"[A-Z][^:\n]*: [^\n]+\.", sentence), sentence
    assert room.isalpha()


def drawn(text):
    """Return the names of a drawn tree, each with the names above it."""
    above = []
    for line in textwrap.dedent(text[text.index("    HTTPException") :]).splitlines():
        if match := re.match(r"^([ |]*\+-- )(\w+)", line):
            depth = len(match[1]) // 4
            above[depth - 1 :] = [match[2]]
            yield tuple(above)


def test_tree_of_kinds():
    """The tree in the docstring of the kinds is that of the classes."""
    from flask_httpstatus import kinds

    paths = list(drawn(kinds.__doc__))
    assert [path[-1] for path in paths if len(path) == 3] == [
        kind.__name__ for kind in flask_httpstatus.KINDS.values()
    ]
    for path in paths:
        classes = [getattr(flask_httpstatus, name) for name in path]
        for higher, lower in itertools.pairwise(classes):
            assert issubclass(lower, higher)


def mapped(text):
    """Return the groups of the map in the documentation, each with its rooms and sentences."""
    for group in text.split("\n## ")[1:]:
        rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", group, re.MULTILINE)
        yield group.partition("\n")[0], rows


def test_map():
    """The map in the documentation has every room, in order, with its own sentence."""
    groups = list(mapped((ROOT / "docs/house.md").read_text("utf-8")))
    rows = [row for _, rows in groups for row in rows]
    assert rows == [(room, sentence_of(room)) for room in FLOORS]


def test_map_in_short():
    """The map in the README has the same groups, with the same rooms."""
    readme = (ROOT / "README.md").read_text("utf-8").partition("| from the ground up |")[2]
    rows = re.findall(r"^\| (.+) \| (`.+`) \|$", readme, re.MULTILINE)
    groups = list(mapped((ROOT / "docs/house.md").read_text("utf-8")))
    assert [(name, re.findall(r"`(\w+)`", rooms)) for name, rooms in rows] == [
        (name, [room for room, _ in rows]) for name, rows in groups
    ]
