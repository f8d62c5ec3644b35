"""Tests of the plugin, in runs of pytest of their own."""

import sys
from importlib.metadata import entry_points

import pytest

pytest_plugins = ["pytester"]

#: Where the package is installed as it is shipped, pytest finds the plugin itself.
INSTALLED = any(one.value == "pytest_httpstatus" for one in entry_points(group="pytest11"))
PLUGIN = [] if INSTALLED else ["-p", "pytest_httpstatus"]

SHOP = '''
from flask.views import MethodView
from flask_httpstatus import *

class OutOfStock(Problem, Conflict):
    """Somebody was faster."""

class SoldOut(OutOfStock):
    """Nobody will be faster."""

class Unlisted(Problem, Gone):
    """No view says that it raises it."""

class Orders(MethodView):
    @fails_with(Forbidden)
    def post(self):
        raise Forbidden

def create_app():
    app = Flask("shop")
    app.register_extension(Failures(problems=[Unlisted]))
    app.add_url_rule("/orders", view_func=Orders.as_view("orders"))

    @app.get("/buy/<what>")
    @fails_with(OutOfStock, NotFound)
    def buy(what):
        raise SoldOut if what == "tea" else NotFound

    @app.get("/other")
    def other():
        raise NotFound

    return app
'''


@pytest.fixture
def run(pytester):
    """Return a function that runs tests of the shop in a process of its own."""
    pytester.makepyfile(shop=SHOP)

    def run(tests, *options):
        pytester.makepyfile(test_shop=f"import shop, pytest\n{tests}")
        return pytester.runpytest_subprocess(*PLUGIN, "-p", "no:cacheprovider", *options)

    return run


ONE = """
def test_tea():
    shop.create_app().test_client().get("/buy/tea")
def test_other():
    shop.create_app().test_client().get("/other")
"""


def summary(result):
    """Return the lines of the list."""
    _, _, listed = result.stdout.str().partition("= declared failures that no test provoked =")
    return listed.split("\n=")[0].splitlines()[1:]


def test_list(run):
    """What views and the application declare is listed, unless a test has provoked it there."""
    assert summary(run(ONE, "--failures-missing")) == [
        "shop: (any view): Unlisted",
        "shop: buy: NotFound",
        "shop: orders: Forbidden",
        "3 of 4 declared failures",
    ]


def test_nothing_missing(run):
    """Nothing is listed where everything was provoked, by whichever test."""
    tests = f"""
{ONE}
def test_rest():
    client = shop.create_app().test_client()
    client.get("/buy/milk")
    client.post("/orders")
def test_unlisted():
    from flask import request
    app = shop.create_app()
    @app.get("/gone")
    def gone():
        raise shop.Unlisted
    app.test_client().get("/gone")
"""
    assert summary(run(tests, "--failures-missing")) == ["0 of 4 declared failures"]


def test_no_application(run):
    """Where no application was asked, nothing is declared."""
    assert summary(run("def test_nothing(): pass", "--failures-missing")) == [
        "0 of 0 declared failures"
    ]


def test_result_stays(run):
    """What is missing fails nobody's tests."""
    assert run(ONE, "--failures-missing").ret == 0


def test_inert(run):
    """Without its option it imports nothing, registers nothing and writes nothing."""
    result = run(
        """
import sys
def test_inert(pytestconfig):
    from flask import request_started
    from flask_httpstatus import failure_answered
    assert not request_started.receivers and not failure_answered.receivers
    plugins = pytestconfig.pluginmanager.get_plugins()
    assert not [one for one in plugins if type(one).__module__ == "pytest_httpstatus"]
"""
    )
    result.assert_outcomes(passed=1)
    assert "provoked" not in result.stdout.str()


@pytest.mark.parametrize("options", [[], ["--failures-missing"]])
def test_after_coverage(pytester, options):
    """The package is not imported before coverage is measured."""
    pytest.importorskip("pytest_cov")
    pytester.makepyfile(
        test_it="""
def test_it():
    from flask_httpstatus import http
    assert http.NOT_FOUND == 404
"""
    )
    pytester.makefile(".ini", pytest="[pytest]\nfilterwarnings = error")
    report = ["--cov=flask_httpstatus.http", "--cov-report=term", "--cov-fail-under=100"]
    result = pytester.runpytest_subprocess(*PLUGIN, "-p", "no:flask", *report, *options)
    assert result.ret == 0, result.stdout.str()


def test_import_costs_nothing(pytester):
    """To load the plugin is to load nothing else but pytest."""
    program = (
        "import sys, pytest; before = set(sys.modules); import pytest_httpstatus;"
        "print(*sorted(set(sys.modules) - before))"
    )
    assert pytester.run(sys.executable, "-c", program).outlines == ["pytest_httpstatus"]


def test_help(pytester):
    """Its option is in the help."""
    result = pytester.runpytest_subprocess(*PLUGIN, "--help")
    result.stdout.fnmatch_lines(["*--failures-missing*"])


def test_processes(run):
    """With pytest-xdist what all processes have seen is put together."""
    pytest.importorskip("xdist")
    assert summary(run(ONE, "--failures-missing", "-n2"))[-1] == "3 of 4 declared failures"
