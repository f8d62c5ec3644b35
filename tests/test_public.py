"""What the package offers, and whether everybody can see it."""

import ast
import builtins
import html
import importlib
import inspect
import json
import logging
import os
import pkgutil
import re
import subprocess
import sys
import textwrap
import zlib
from pathlib import Path

import pytest

import flask_httpstatus
import pytest_httpstatus
from flask_httpstatus import KINDS, Failure, Failures, Flask, http, kinds
from flask_httpstatus.cli import failures as commands
from flask_httpstatus.settings import CHECKS

ROOT = Path(__file__).parent.parent
PACKAGE = Path(flask_httpstatus.__file__).parent
MODULES = [flask_httpstatus] + [
    importlib.import_module(f"flask_httpstatus.{module.name}")
    for module in pkgutil.iter_modules(flask_httpstatus.__path__)
]
#: Of each public module the names that are public.
PUBLIC = {module.__name__: module.__all__ for module in MODULES if hasattr(module, "__all__")}
PUBLIC[http.__name__] = sorted(
    # Where the package is installed with its plugin, pytest adds names such as @py_builtins.
    name
    for name in vars(http)
    if not name.startswith(("_", "@")) and name != "Final"
)
NAMES = [(module, name) for module, names in PUBLIC.items() for name in names]
#: What rooms ask of each other's classes, left out of the documentation: it may change.
INTERNAL = {
    *("challenge_header", "answered_as", "language", "remedy", "statuses"),  # of Failure
    *("declared", "says_retryable", "written", "written_title"),  # of Problem
    *("gateway", "kind"),  # of RemoteFailure
    "init_spec",  # of apispec's plugins
}
CONSTANTS = {name: one for name, one in vars(http).items() if name.isupper()}
DOCUMENTS = [*ROOT.glob("docs/*.md"), ROOT / "README.md"]


def lookup(module, name):
    """Return what a public name stands for."""
    return getattr(sys.modules[module], name)


def own(thing):
    """Tell whether it is of the package."""
    return getattr(thing, "__module__", "").partition(".")[0] == "flask_httpstatus"


def annotations(class_):
    """Return the attributes that a class only declares."""
    return inspect.get_annotations(class_)


CLASSES = list(
    {
        thing.__name__: thing
        for module, name in NAMES
        if inspect.isclass(thing := lookup(module, name)) and own(thing)
    }.values()
)


def described():
    """Return every public class and function, with the methods that our classes offer."""
    found = {}
    for module, name in NAMES:
        thing = lookup(module, name)
        if own(thing) and (inspect.isclass(thing) or inspect.isfunction(thing)):
            found[f"{thing.__module__}.{thing.__qualname__}"] = thing
    for class_ in CLASSES:
        for name, attribute in vars(class_).items():
            method = getattr(attribute, "__func__", attribute)
            if inspect.isfunction(method) and name in offered(class_):
                found[f"{method.__module__}.{method.__qualname__}"] = method
    return list(found.values())


def offered(class_):
    """Return the public attributes of a class, without those that others' classes describe."""
    names = {name for one in classes_of(class_) for name in (*vars(one), *annotations(one))}
    theirs = {name for base in class_.__mro__ if not own(base) for name in vars(base)}
    return {name for name in names - theirs - INTERNAL if not name.startswith("_")}


def classes_of(thing):
    """Return the classes of the package whose descriptions hold for a class, or the function."""
    return [one for one in getattr(thing, "__mro__", [thing]) if own(one)]


def text_of(thing):
    """Return what is written about it, of a class also about those above."""
    written = [inspect.getdoc(one) or "" for one in classes_of(thing)]
    if inspect.isclass(thing):
        written += [inspect.getdoc(one.__init__) or "" for one in classes_of(thing)]
    return "\n".join(written)


def called(thing):
    """Return the functions of the package that run when it is called."""
    if inspect.isfunction(thing):
        return [inspect.unwrap(thing)]
    names = ("__init__", "__post_init__")
    return [vars(one)[name] for one in classes_of(thing) for name in names if name in vars(one)]


@pytest.mark.parametrize("module", PUBLIC)
def test_sorted(module):
    """The public names of a module are sorted, and none stands twice."""
    assert PUBLIC[module] == sorted(set(PUBLIC[module]))


def imported_from(source):
    """Return what Python code imports from the package: module and name."""
    for node in ast.walk(ast.parse(textwrap.dedent(source))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("flask_httpstatus"):
            yield from ((node.module, alias.name) for alias in node.names)


EXAMPLES = [*DOCUMENTS, *ROOT.glob("examples/**/*.py"), *ROOT.glob("tests/typing/*.py")]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_shown_is_public(path):
    """What the documentation and the examples import is among the public names."""
    text = path.read_text("utf-8")
    blocks = re.findall(r"^```py(?:thon)?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    for source in blocks if path.suffix == ".md" else [text]:
        for module, name in imported_from(source):
            # The kinds stand in the reference as the package's, and may be had where they are.
            public = PUBLIC[module.removesuffix(".kinds")]
            assert name in [*public, "NotImplemented"], f"{module}.{name}"


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
    assert not {name for _, name in NAMES} & set(dir(builtins))
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


@pytest.mark.parametrize("thing", described(), ids=lambda thing: thing.__qualname__)
def test_described(thing):
    """Everything public has a docstring that begins with one sentence."""
    first = inspect.cleandoc(thing.__doc__ or "").split("\n\n")[0]
    assert re.fullmatch(r"[A-Z][^\n]*(\n[^\n]+)*[.]", first), first


@pytest.mark.parametrize("thing", described(), ids=lambda thing: thing.__qualname__)
def test_parameters_are_described(thing):
    """Each parameter has its line, of a class in its own docstring or in one above."""
    taken = {
        parameter.name
        for function in called(thing)
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind not in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}
    }
    said = set(re.findall(r":param (\w+):", text_of(thing)))
    assert taken - {"self", "cls", "_", *said} == set()


def raised_by(function):
    """Return the names of the exceptions that a function itself raises."""
    if function.__code__.co_filename.startswith("<"):  # dataclass() has written it
        return
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for node in ast.walk(tree):
        made = node.exc if isinstance(node, ast.Raise) else None
        if isinstance(made, ast.Call) and isinstance(made.func, ast.Name):
            # A method of a kind raises the kind; what makes an exception has no telling name.
            name = made.func.id.replace("cls", "Failure")
            yield from [name] if name[0].isupper() else []


@pytest.mark.parametrize("thing", described(), ids=lambda thing: thing.__qualname__)
def test_exceptions_are_described(thing):
    """Each exception that it raises has its line."""
    raised = {name for function in called(thing) for name in raised_by(function)}
    said = set(re.findall(r":raises (\w+):", text_of(thing)))
    assert raised <= said


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_kinds_say_when(kind):
    """The docstring of a kind says when to raise it, and does not repeat its number."""
    assert kind.__doc__.startswith(("Raise ", "Raise, "))
    assert str(kind.code) not in kind.__doc__


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return where the documentation has been built."""
    pytest.importorskip("sphinx")
    path = tmp_path_factory.mktemp("docs")
    command = [sys.executable, "-m", "sphinx", "-q", "-E", str(ROOT / "docs"), str(path)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    return path


@pytest.fixture(scope="module")
def inventory(built):
    """Return the names that the documentation has entries for."""
    *_, packed = (built / "objects.inv").read_bytes().split(b"\n", 4)
    lines = zlib.decompress(packed).decode().splitlines()
    return {line.split()[0] for line in lines if line.split()[1].startswith("py:")}


def test_tree_of_kinds(built):
    """The tree that the module of the kinds draws is drawn in the reference as well."""
    tree = textwrap.dedent(kinds.__doc__.partition("::\n\n")[2]).strip()
    assert "NotFound" in tree
    text = re.sub("<[^>]+>", "", (built / "reference.html").read_text("utf-8"))
    assert tree in html.unescape(text)


@pytest.mark.parametrize("module", PUBLIC)
def test_documented(inventory, module):
    """A public name has an entry in the reference, as it is imported."""
    entries = {name for name in PUBLIC[module] if f"{module}.{name}" in inventory}
    assert set(PUBLIC[module]) - entries - CONSTANTS.keys() - {"http", "HTTPStatus"} == set()


def test_constants_are_documented(inventory):
    """Each name of a status stands in the table of the statuses, with its code."""
    table = (ROOT / "docs/_build/statuses.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| [^|]* \| ([^|]*) \|", table, re.MULTILINE)
    named = {(int(code), name) for code, names in rows for name in re.findall(r"`(\w+)`", names)}
    constants = CONSTANTS.items() | http.UnofficialStatus.__members__.items()
    assert {(int(status), name) for name, status in constants} == named


@pytest.mark.parametrize("class_", CLASSES, ids=lambda class_: class_.__name__)
def test_what_stands_above_is_documented(inventory, class_):
    """A class that a public one is derived from has an entry, so that its parameters are read."""
    names = {one.__name__ for one in classes_of(class_) if not one.__name__.startswith("_")}
    assert names <= {entry.rpartition(".")[2] for entry in inventory}


@pytest.mark.parametrize("class_", CLASSES, ids=lambda class_: class_.__name__)
def test_attributes_are_documented(inventory, class_):
    """A public attribute has an entry of its own, or is described as a parameter."""
    entries = {
        name
        for entry in inventory
        for above, _, name in [entry.rpartition(".")]
        if above.rpartition(".")[2] in {one.__name__ for one in classes_of(class_)}
    }
    parameters = set(re.findall(r":param (\w+):", text_of(class_)))
    assert (
        offered(class_) - http.UnofficialStatus.__members__.keys() - entries - parameters == set()
    )


def everything_written():
    """Return the text of all pages."""
    return "\n".join(path.read_text("utf-8") for path in DOCUMENTS)


def test_settings_are_documented():
    """The table of the settings has every one."""
    rows = re.findall(r"^\| `FAILURES_(\w+)` \|", everything_written(), re.MULTILINE)
    assert sorted(rows) == sorted(name.upper() for name in CHECKS)


@pytest.mark.parametrize("command", sorted(commands.commands))
def test_commands_are_documented(command):
    """A command of ``flask failures`` stands in the documentation."""
    assert f"flask failures {command}" in everything_written()


def test_record_is_documented(caplog):
    """The attributes of a log record stand in the table of operations, and no others do."""
    app = Flask("example")
    app.register_extension(Failures())
    with caplog.at_level("INFO", "example"):
        app.test_client().get("/none")
    (record,) = caplog.records
    always = vars(logging.makeLogRecord({})).keys() | {"message", "asctime"}
    text = (ROOT / "docs/operations.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    assert sorted(vars(record).keys() - always) == sorted(rows)


def test_options_of_pytest_are_documented():
    """What the plugin of pytest adds to its command line stands in the documentation."""
    source = Path(pytest_httpstatus.__file__).read_text("utf-8")
    options = re.findall(r'"(--[\w-]+)"', source)
    assert options
    assert all(f"pytest {option}" in everything_written() for option in options)


@pytest.mark.parametrize("module", PUBLIC)
def test_editors_see_the_names(module):
    """An editor that completes ``from ... import`` offers every public name."""
    jedi = pytest.importorskip("jedi")
    line = f"from {module} import "
    offered = {one.name for one in jedi.Script(line).complete(1, len(line))}
    assert set(PUBLIC[module]) <= offered


def completed(source):
    """Return what an editor offers at the end of the source."""
    jedi = pytest.importorskip("jedi")
    *before, last = source.splitlines()
    return {one.name for one in jedi.Script(source).complete(len(before) + 1, len(last))}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_editors_complete_kinds(kind):
    """An editor offers a kind after ``raise`` and the first letters, and then its keywords."""
    head = f"from flask_httpstatus import {kind.__name__}\nraise {kind.__name__}"
    assert kind.__name__ in completed(head[:-2])
    keywords = {
        f"{name}="
        for function in called(kind)
        for name in inspect.getfullargspec(function).kwonlyargs
    }
    assert {"message=", *keywords} <= completed(head + "(")


@pytest.fixture(scope="module")
def every_name(tmp_path_factory):
    """Return a file that uses every public name."""
    lines = [f"import {module}\n" for module in PUBLIC]
    lines += [f"print({module}.{name})\n" for module, name in NAMES]
    path = tmp_path_factory.mktemp("names") / "names.py"
    path.write_text("".join(lines))
    return path


def test_mypy_sees_the_names(every_name):
    """Mypy finds every public name, with a type."""
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy", "--strict", str(every_name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout


def test_pyright_sees_the_names(every_name):
    """Pyright finds every public name, with a type."""
    pytest.importorskip("pyright")
    command = [sys.executable, "-m", "pyright", "--outputjson", str(every_name)]
    output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    assert json.loads(output)["summary"]["errorCount"] == 0, output


def test_a_failure_has_no_description_of_its_own():
    """Failure does not define the description, which would hide Werkzeug's."""
    assert "description" not in vars(Failure)
