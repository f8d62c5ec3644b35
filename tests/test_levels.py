"""Tests of how loudly failures are logged."""

import logging

import pytest

from flask_httpstatus import (
    KINDS,
    ClientFailure,
    Conflict,
    Failure,
    NotFound,
    ServerFailure,
    ServiceUnavailable,
    http,
)
from flask_httpstatus.levels import DEFAULT_LEVELS, Level, checked_levels


class UserMissing(NotFound):
    """A class of an application."""


class AdminMissing(UserMissing):
    """A class below it."""


class Odd(ClientFailure):
    """A class without a status of its own."""


class Closed(ClientFailure, status=499):
    """A kind of an application, for a status that has none."""


def level(value, kind):
    """Return the number of the level at which failures of this class are logged."""
    found = checked_levels(value).of(kind())
    return found and found.number


@pytest.mark.parametrize("code", KINDS)
def test_defaults(code):
    """The client's failures are logged at INFO, the server's at ERROR, and all of them."""
    expected = Level(logging.INFO if code < 500 else logging.ERROR, 1)
    assert DEFAULT_LEVELS.of(KINDS[code]()) == expected
    assert checked_levels({}).of(KINDS[code]()) == expected


@pytest.mark.parametrize("code", range(400, 600))
def test_every_status_has_a_level(code):
    """A status without a kind has the level of its class."""
    assert DEFAULT_LEVELS.statuses[code] == DEFAULT_LEVELS.statuses[400 if code < 500 else 500]


@pytest.mark.parametrize(
    "value",
    ["WARNING", "warning", logging.WARNING, ("WARNING", 1), ("warning", 0.5), [30, 0.5]],
)
@pytest.mark.parametrize(
    "selector",
    ["4xx", 409, http.HTTPStatus.CONFLICT, Conflict, ClientFailure, Failure],
    ids=str,
)
def test_selectors(selector, value):
    """Failures are selected by class of statuses, by status, by kind and by what kinds are."""
    assert level({selector: value}, Conflict) == logging.WARNING
    assert level({selector: value}, ServiceUnavailable) == (
        logging.WARNING if selector is Failure else logging.ERROR
    )


@pytest.mark.parametrize(
    ("wide", "narrow", "kind"),
    [
        ("4xx", 404, NotFound),
        ("4xx", NotFound, NotFound),
        (ClientFailure, 404, NotFound),
        (Failure, "4xx", NotFound),
        (Failure, "5xx", ServiceUnavailable),
        (Failure, ServerFailure, ServiceUnavailable),
        (404, UserMissing, UserMissing),
        (NotFound, UserMissing, UserMissing),
        (404, UserMissing, AdminMissing),
        (UserMissing, AdminMissing, AdminMissing),
        (ClientFailure, Odd, Odd),
        (400, Odd, Odd),
        ("4xx", Closed, Closed),
        (499, Closed, Closed),
    ],
    ids=str,
)
def test_the_narrower_selector_wins(wide, narrow, kind):
    """The nearest class wins over the status, and the status over its class, in any order."""
    assert level({wide: "WARNING", narrow: "DEBUG"}, kind) == logging.DEBUG
    assert level({narrow: "DEBUG", wide: "WARNING"}, kind) == logging.DEBUG


@pytest.mark.parametrize("selector", ["4xx", 404, NotFound, UserMissing], ids=str)
def test_classes_below(selector):
    """A class of the application has the level of its base, unless it has its own."""
    assert level({selector: "WARNING"}, AdminMissing) == logging.WARNING


def test_class_is_no_status():
    """A class of the application selects itself, not everything of its status."""
    levels = {UserMissing: "WARNING", Odd: "WARNING", Closed: "WARNING"}
    assert level(levels, NotFound) == logging.INFO
    assert checked_levels(levels).of(ClientFailure()) == Level(logging.INFO)
    assert checked_levels(levels).of(ClientFailure("closed", 499)) == Level(logging.INFO)


@pytest.mark.parametrize("selector", ["4xx", 404, NotFound, UserMissing], ids=str)
def test_none(selector):
    """None takes failures out of the log, and a level within puts some of them back."""
    assert level({selector: None}, UserMissing) is None
    assert level({selector: None, AdminMissing: "INFO"}, AdminMissing) == logging.INFO


def test_share():
    """A pair says which share of the failures is logged."""
    assert checked_levels({429: ("INFO", 0.01)}).statuses[429] == Level(logging.INFO, 0.01)


def test_defaults_stay():
    """What one application sets is not set for another."""
    checked_levels({"4xx": "CRITICAL", "5xx": None})
    assert DEFAULT_LEVELS.statuses[404] == Level(logging.INFO)
    assert DEFAULT_LEVELS.statuses[500] == Level(logging.ERROR)
