"""Plugin of pytest: ``--failures-missing`` lists the declared failures that no test provoked.

It stands beside the package and not in it: pytest loads it before coverage is measured, and
whatever it imports would count as never run.
"""

# ruff: noqa: PLC0415 - what it imports late is the point of it

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pytest

if TYPE_CHECKING:
    from flask import Flask

    from flask_httpstatus import Failure

_KEY = "httpstatus"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.getgroup("httpstatus", "failures of Flask applications").addoption(
        "--failures-missing",
        action="store_true",
        help="list the failures that views and applications declare and no test provoked",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Do nothing, unless asked."""
    if config.getoption("--failures-missing"):
        config.pluginmanager.register(_Missing(config))


class _Missing:
    """Compares what the applications under test declare with what they answer."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._apps: WeakKeyDictionary[Flask, list[tuple[str, type[Failure]]]] = WeakKeyDictionary()
        # As texts, for each test may make an application of its own.
        self._declared: set[str] = set()
        self._provoked: set[str] = set()

    def pytest_sessionstart(self) -> None:
        """Listen to Flask and to the package, now that coverage is measured."""
        from flask import request_started

        from flask_httpstatus import failure_answered

        request_started.connect(self._asked)
        failure_answered.connect(self._answered)

    def _asked(self, app: "Flask", **_: object) -> None:
        if app not in self._apps:  # it has all its routes at the first request
            self._apps[app] = _declared_of(app)
            self._declared |= {_line(app, *one) for one in self._apps[app]}

    def _answered(self, app: "Flask", *, failure: "Failure", **_: object) -> None:
        from flask import request

        for endpoint, kind in self._apps.get(app, ()):
            if isinstance(failure, kind) and endpoint in {"", request.endpoint}:
                self._provoked.add(_line(app, endpoint, kind))

    def pytest_sessionfinish(self) -> None:
        """Hand over what a process of pytest-xdist has seen."""
        output: dict[str, Any] | None = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[_KEY] = [sorted(self._declared), sorted(self._provoked)]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a process of pytest-xdist has seen."""
        declared, provoked = getattr(node, "workeroutput", {}).get(_KEY, ((), ()))
        self._declared.update(declared)
        self._provoked.update(provoked)

    def pytest_terminal_summary(self, terminalreporter: "pytest.TerminalReporter") -> None:
        """Write the list."""
        missing = sorted(self._declared - self._provoked)
        count = len(self._declared)
        terminalreporter.section("declared failures that no test provoked")
        for line in missing:
            terminalreporter.line(line)
        terminalreporter.line(f"{len(missing)} of {count} declared failures")


def _declared_of(app: "Flask") -> "list[tuple[str, type[Failure]]]":
    from flask_httpstatus.declarations import catalogue, of_view

    declared = [
        (rule.endpoint, kind)
        for rule in app.url_map.iter_rules()
        if rule.endpoint in app.view_functions
        for method in rule.methods or ()
        for kind in of_view(app.view_functions[rule.endpoint], method)
    ]
    return declared + [("", kind) for kind, endpoints in catalogue(app).items() if not endpoints]


def _line(app: "Flask", endpoint: str, kind: "type[Failure]") -> str:
    return f"{app.name}: {endpoint or '(any view)'}: {kind.__name__}"
