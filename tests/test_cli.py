"""The commands: flask failures list, explain, check, openapi."""

import json
import subprocess
import sys
from importlib.metadata import entry_points

import pytest
from werkzeug.exceptions import HTTPException

from flask_httpstatus import KINDS, Conflict, Failures, Flask, Forbidden, Problem, fails_with, http
from flask_httpstatus.cli import failures
from flask_httpstatus.pages import pages


class OutOfCredit(Problem, Forbidden):
    """Your balance does not cover the price.

    Top up.
    """

    title = "You do not have enough credit"
    balance: int


class Nested(Problem, Conflict):
    """It has an inner type."""

    title = "A problem with a problem in it"
    inner: "list[Pair] | None" = None


class Pair(dict):
    """Not a problem."""


@pytest.fixture
def app():
    """Return an application with problem types."""
    app = Flask("shop")
    app.register_extension(Failures(problems=[Nested]))
    app.register_blueprint(pages, url_prefix="/problems")

    @app.get("/buy")
    @fails_with(OutOfCredit)
    def buy():
        """Buy it."""

    return app


@pytest.fixture
def run(app, tmp_path, monkeypatch):
    """Return a function that runs a command and returns its exit code and output."""
    monkeypatch.chdir(tmp_path)
    app.cli.add_command(failures)
    runner = app.test_cli_runner()

    def run(*arguments, code=0):
        result = runner.invoke(args=["failures", *arguments])
        assert result.exit_code == code, result.output
        return result.output

    return run


def test_list(run):
    """The list has each type with its status, title and views."""
    assert run("list") == (
        "409 Nested /problems/nested\n"
        "    A problem with a problem in it\n"
        "    (no view)\n"
        "403 OutOfCredit /problems/out-of-credit\n"
        "    You do not have enough credit\n"
        "    buy\n"
    )


def test_list_as_json(run):
    """The list as JSON has the same facts."""
    (_, row) = json.loads(run("list", "--json"))
    assert row == {
        "type": "/problems/out-of-credit",
        "status": 403,
        "name": "OutOfCredit",
        "title": "You do not have enough credit",
        "views": ["buy"],
    }


@pytest.mark.parametrize("status", range(400, 600))
def test_explain_statuses(run, status):
    """A status is explained with its phrase, meaning, section, headers, kind and an example."""
    facts, text = http.facts(status), run("explain", str(status))
    assert text.startswith(f"{status} {facts.phrase}\n")
    for said in (facts.description, facts.reference, facts.url, facts.vendor):
        assert (said or "") in text
    for header in facts.required_headers:
        assert header.name in text
    example = json.loads(text.rpartition("example: ")[2])
    assert (example["status"], example["title"]) == (status, facts.phrase)
    assert json.loads(run("explain", str(status), "--json"))["example"] == example


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_explain_kinds(run, kind):
    """A kind is explained by its name as its status is."""
    assert run("explain", kind.__name__) == run("explain", str(kind.code))


@pytest.mark.parametrize("what", ["OutOfCredit", "out-of-credit", "/problems/out-of-credit"])
def test_explain_problems(run, what):
    """A problem type is explained by its name, slug or URI."""
    text = run("explain", what)
    for said in ("403 Forbidden", "title: You do not", "meaning: Your balance", "what to do: Top"):
        assert said in text
    assert json.loads(text.rpartition("example: ")[2])["type"] == "/problems/out-of-credit"


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("NotFund", "did you mean NotFound"),
        ("OutOfCredits", "did you mean OutOfCredit"),
        ("302", "'302' is no status from 400 to 599, kind or problem type"),
        ("xyz123", "'xyz123' is no status"),
    ],
)
def test_explain_nothing(run, what, said):
    """What there is not is refused, with what is near."""
    assert said in run("explain", what, code=1)


def test_check(run, app):
    """The check compares with the lock file, and shows what differs."""
    assert "there is no failures.lock; write it with" in run("check", code=1)
    run("check", "--update")
    assert run("check") == ""
    app.view_functions["buy"] = fails_with()(lambda: None)
    text = run("check", code=1)
    assert '-/problems/out-of-credit 403 OutOfCredit {"balance": {"type": "integer"}}' in text
    assert "/problems/nested" not in text


def test_check_as_json(run, tmp_path):
    """The check as JSON has the mistakes and the differences."""
    (tmp_path / "other.lock").write_text("nothing 1 Gone {}\n", "utf-8")
    found = json.loads(run("check", "--json", "--lock", "other.lock", code=1))
    assert found["mistakes"] == []
    assert "-nothing 1 Gone {}" in found["diff"]


def test_the_lock_file(run, tmp_path):
    """The lock file has one line a type, sorted."""
    run("check", "--update", "--lock", "x.lock")
    lines = (tmp_path / "x.lock").read_text("utf-8").splitlines()
    assert lines == sorted(lines)
    assert [line.split(" ")[2] for line in lines] == ["Nested", "OutOfCredit"]


def test_types_of_members_are_locked(run, app, tmp_path):
    """A change within a member's type is a change of the type."""
    from dataclasses import make_dataclass

    def declare(of):
        inner = make_dataclass("Inner", [("x", of)])
        annotations = {"member": inner}
        kind = type("Changed", (Problem, Conflict), {"__annotations__": annotations})
        app.view_functions["buy"] = fails_with(kind)(lambda: None)

    declare(int)
    run("check", "--update", code=1)
    before = (tmp_path / "failures.lock").read_text("utf-8")
    declare(str)
    assert '"$defs"' in run("check", code=1)
    assert '"integer"' in before


def mistakes(run):
    """Return the mistakes that the check finds."""
    run("check", "--update", code=1)
    return run("check", code=1)


def test_titles_and_docstrings(run, app):
    """A type without a title or an explanation is a mistake."""
    bare = type("Bare", (Problem, Conflict), {})
    app.view_functions["buy"] = fails_with(bare)(lambda: None)
    found = mistakes(run)
    assert "Bare has no title of its own" in found
    assert "Bare has no docstring" in found


def test_duplicates(run, app):
    """Types that share a URI are a mistake."""
    other = type("Other", (Problem, Conflict), {"type": "nested", "title": "x", "__doc__": "X."})
    app.view_functions["buy"] = fails_with(other)(lambda: None)
    assert "are both /problems/nested" in mistakes(run)


def test_replaced_handlers(run, app):
    """A handler for HTTPException that was registered later is a mistake."""
    app.register_error_handler(HTTPException, lambda error: error)
    assert "replaces Failures as the handler" in mistakes(run)


@pytest.mark.parametrize("key", ["FAILURES_TYPE_BASE", "FAILURES_NONSENSE"])
def test_wrong_settings(run, app, key):
    """A setting that is wrong, or that there is not, is a mistake."""
    app.config[key] = "nonsense"
    assert key in mistakes(run)


def test_without_the_extension(tmp_path, monkeypatch):
    """An application without the extension is told so."""
    monkeypatch.chdir(tmp_path)
    app = Flask("bare")
    app.cli.add_command(failures)
    result = app.test_cli_runner().invoke(args=["failures", "check"])
    assert result.exit_code == 1
    assert result.output == "the application has no Failures; register the extension\n"


def test_annotations_that_cannot_be_read(run, app):
    """A type whose annotations cannot be read is an error that says which."""
    kind = type("Odd", (Problem, Conflict), {"__annotations__": {"member": "Missing"}})
    app.view_functions["buy"] = fails_with(kind)(lambda: None)
    assert "the annotations of Odd cannot be read" in run("check", code=1)


def test_openapi(run, tmp_path):
    """The document is written, or one is extended."""
    document = json.loads(run("openapi"))
    assert document["paths"].keys() == {"/buy"}
    spec = {"openapi": "3.0.3", "info": {"title": "Shop", "version": "1"}}
    (tmp_path / "spec.json").write_text(json.dumps(spec), "utf-8")
    extended = json.loads(run("openapi", "spec.json"))
    assert extended == {**document, **spec}


def test_help(run):
    """Every command says what it does."""
    text = run("--help")
    for name in ("list", "explain", "check", "openapi"):
        assert f"  {name} " in text


def test_entry_point():
    """Flask finds the commands where the package is installed."""
    found = [one.value for one in entry_points(group="flask.commands", name="failures")]
    if not found:
        pytest.skip("the package was installed before it had commands")
    assert found == ["flask_httpstatus.cli:failures"]
    program = [sys.executable, "-m", "flask", "failures", "explain", "--help"]
    result = subprocess.run(program, capture_output=True, text=True, check=True, timeout=60)
    assert "Explain a status" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        (["404"], "<h1>"),
        (["404", "--format", "problem"], '"status": 404'),
        (["404", "--format", "text", "--language", "de"], "404 Nicht gefunden"),
        (["422", "--format", "problem"], "#/person/age"),
    ],
)
def test_preview(tmp_path, arguments, written):
    """Preview writes what is answered with a status, in a format and language."""
    app = Flask("example", root_path=str(tmp_path))
    app.register_extension(Failures())
    result = app.test_cli_runner().invoke(failures, ["preview", *arguments])
    assert result.exit_code == 0, result.output
    assert written in result.output


def test_preview_of_an_own_template(tmp_path):
    """Preview writes the application's own page where it has one."""
    (tmp_path / "templates/failures").mkdir(parents=True)
    (tmp_path / "templates/failures/404.html").write_text("mine: {{ request.path }}")
    app = Flask("example", root_path=str(tmp_path))
    app.register_extension(Failures())
    result = app.test_cli_runner().invoke(failures, ["preview", "404"])
    assert result.output == "mine: /"


@pytest.mark.parametrize("arguments", [["200"], ["404", "--language", "xx"]])
def test_preview_of_nothing(tmp_path, arguments):
    """Preview says so where there is no such failure."""
    app = Flask("example", root_path=str(tmp_path))
    app.register_extension(Failures())
    result = app.test_cli_runner().invoke(failures, ["preview", *arguments])
    assert result.exit_code == 1
    assert "no such failure" in result.output


def test_check_of_types_that_share_a_page(tmp_path):
    """Check tells of types whose pages would have the same address."""

    class Limit(Problem, Conflict):
        """There are too many."""

        title = "Too many"
        type = "https://a.example/x/limit"

    class OtherLimit(Problem, Conflict):
        """There are too few."""

        title = "Too few"
        type = "https://a.example/y/limit"

    app = Flask("example", root_path=str(tmp_path))
    app.register_extension(Failures(problems=[Limit, OtherLimit]))
    lock = str(tmp_path / "failures.lock")
    result = app.test_cli_runner().invoke(failures, ["check", "--update", "--lock", lock])
    assert "Limit and OtherLimit share the page 'limit'" in result.output
    assert result.exit_code == 1


def test_check_of_formats_that_nothing_writes(tmp_path):
    """Check tells of a format of one's own that a policy names and nobody registered."""
    extension = Failures(formats=["text/mine", "text/yours", "problem"])
    extension.renderer("text/yours")(str)
    app = Flask("example", root_path=str(tmp_path))
    app.register_extension(extension)
    lock = str(tmp_path / "failures.lock")
    result = app.test_cli_runner().invoke(failures, ["check", "--lock", lock])
    assert result.output == "nothing writes 'text/mine'; register it with @failures.renderer\n"
    assert result.exit_code == 1
