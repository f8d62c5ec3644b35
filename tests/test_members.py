"""Tests of the room of members: what becomes of a value in a problem document."""

import array
import collections
import dataclasses
import enum
import http
import ipaddress
import json
import math
import pathlib
import re
import uuid
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType, SimpleNamespace
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from werkzeug.datastructures import ImmutableMultiDict

from flask_httpstatus import Issue, NotFound
from flask_httpstatus import http as codes
from flask_httpstatus.members import jsonable
from flask_httpstatus.texts import encodable


class Lazy:
    """A text made when it is read, like those of Flask-Babel."""

    def __str__(self):
        return "später"


class Secret:
    """An object without a text, whose repr tells a secret."""

    def __init__(self):
        self.password = "hunter2"

    def __repr__(self):
        return f"Secret({self.password})"


class Colour(enum.Enum):
    """An enum with values of several types."""

    RED = "red"
    SOON = timedelta(seconds=1)


class Word(enum.StrEnum):
    """An enum of texts."""

    YES = "yes"


class Right(enum.Flag):
    """An enum of bits."""

    READ = 1
    WRITE = 2


class Shout(str):
    """A str with a text of its own, which is not the one that is meant."""

    __slots__ = ()

    def __str__(self):
        return "SHOUTED"


@dataclasses.dataclass
class Point:
    """A dataclass with a default and with a field that its repr hides."""

    x: int
    y: float = math.nan
    seen: date = date(2026, 1, 2)
    label: str = dataclasses.field(default="a", repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A dataclass of dataclasses."""

    start: Point
    end: Point | None = None


@dataclasses.dataclass
class TroubleError(Exception):
    """An exception that is a dataclass, too."""

    password: str = "hunter2"


class Pair(NamedTuple):
    """A tuple with names, which is a tuple nevertheless."""

    a: int
    b: str


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, None),
        (True, True),
        (False, False),
        (0, 0),
        (-(2**70), -(2**70)),
        (1.5, 1.5),
        (-0.0, -0.0),
        (math.nan, None),
        (math.inf, None),
        (-math.inf, None),
        ("", ""),
        ("größer als 日本 🎈", "größer als 日本 🎈"),
        ("a\ud800b", "a\ufffdb"),
        ("\udcff", "\ufffd"),
        ("\ud83c\udf88", "🎈"),
        (Shout("said"), "said"),
        (Markup("<b>"), "<b>"),
        (Lazy(), "später"),
        (Decimal("1.10"), "1.10"),
        (Decimal("-1E+30"), "-1E+30"),
        (Decimal("NaN"), None),
        (Decimal("sNaN"), None),
        (Decimal("-Infinity"), None),
        (Fraction(1, 3), "1/3"),
        (datetime.fromisoformat("2026-01-02T03:04:05.000678"), "2026-01-02T03:04:05.000678"),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00+00:00"),
        (datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=2))), "2026-01-02T00:00:00+02:00"),
        (date(2026, 1, 2), "2026-01-02"),
        (time(3, 4), "03:04:00"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Colour.RED, "red"),
        (Colour.SOON, "PT1S"),
        (Word.YES, "yes"),
        (Right.READ | Right.WRITE, 3),
        (http.HTTPStatus.OK, 200),
        (codes.UnofficialStatus.CLIENT_CLOSED_REQUEST, 499),
        (ipaddress.ip_address("::1"), "::1"),
        (pathlib.PurePosixPath("/x"), "/x"),
        ([], []),
        ([1, [2, (3,)]], [1, [2, [3]]]),
        (range(3), [0, 1, 2]),
        (Pair(1, "b"), [1, "b"]),
        (collections.deque([1, 2]), [1, 2]),
        (array.array("i", [1, 2]), [1, 2]),
        ({"a": {"b": math.nan}}, {"a": {"b": None}}),
        (MappingProxyType({"a": 1}), {"a": 1}),
        (ImmutableMultiDict([("a", "1"), ("a", "2")]), {"a": "1"}),
        (collections.OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        ({1: "a", -2: "b"}, {"1": "a", "-2": "b"}),
        ({None: 1, True: 2, False: 3}, {"null": 1, "true": 2, "false": 3}),
        ({Colour.RED: 1, Word.YES: 2, http.HTTPStatus.OK: 3}, {"red": 1, "yes": 2, "200": 3}),
        ({"\ud800": 1}, {"\ufffd": 1}),
        ({"a", "c", "b"}, ["a", "b", "c"]),
        (frozenset({10, 9, 2.5}), [2.5, 9, 10]),
        ({1: 0, 2: 0}.keys(), [1, 2]),
        ({2, "1", None}, ["1", 2, None]),
        ({(2, "b"), (1, "a")}, [[1, "a"], [2, "b"]]),
        (Point(1), {"x": 1, "y": None, "seen": "2026-01-02", "label": "a"}),
        (
            Issue("too old", pointer="#/age", code="lt"),
            {"detail": "too old", "pointer": "#/age", "code": "lt"},
        ),
        (Issue("\ud800"), {"detail": "\ufffd"}),
        (Issue(Lazy(), header="X-Age"), {"detail": "später", "header": "X-Age"}),
        (Issue("a", code=Colour.RED, cookie="c"), {"detail": "a", "cookie": "c", "code": "red"}),
        ([Issue("a", parameter="q")], [{"detail": "a", "parameter": "q"}]),
    ],
)
def test_the_table(value, written):
    """Each type has one way to be written, and what comes out is of JSON's own types."""
    result = jsonable(value)
    assert json.dumps(result, allow_nan=False) == json.dumps(written)


def test_nested_dataclasses():
    """Dataclasses in dataclasses are objects in objects."""
    point = {"x": 1, "y": 2.0, "seen": "2026-01-02", "label": "a"}
    assert jsonable(Line(Point(1, 2.0))) == {"start": point, "end": None}


@pytest.mark.parametrize(
    "value",
    [
        b"\xff",
        bytearray(b"a"),
        memoryview(b"a"),
        object(),
        Secret(),
        SimpleNamespace(password="hunter2"),
        ValueError("hunter2"),
        NotFound("hunter2"),
        TroubleError(),
        TroubleError,
        Secret,
        Colour,
        Point,
        Secret.__init__,
        lambda: "hunter2",
        (letter for letter in "hunter2"),
        {"a": "hunter2"}.values(),
        re.compile("hunter2"),
        1j,
        json,
        10**5000,
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: [x], lambda x: {"a": {"b": x}}])
def test_what_is_refused(value, wrap):
    """What has no text of its own is refused, wherever it stands, and its repr is not told."""
    with pytest.raises((TypeError, ValueError)) as caught:
        jsonable(wrap(value))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("key", [(1, 2), 1.5, b"a", Secret(), Lazy(), date(2026, 1, 2), Point])
def test_keys_that_are_refused(key):
    """A key is a text, an int, a bool, None or an enum of such; anything else is refused."""
    with pytest.raises(TypeError, match=f"{type(key).__qualname__} is not among the types of keys"):
        jsonable({key: 1})


def test_a_lazy_text_that_fails():
    """The error of a text that cannot be read is passed on to who drops the member."""

    class Broken:
        def __str__(self):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        jsonable([Broken()])


def test_circles():
    """A value that holds itself is a RecursionError and nothing worse."""
    circle = []
    circle.append({"a": (circle,)})
    with pytest.raises(RecursionError):
        jsonable(circle)


def test_depth():
    """What is nested a hundred deep is written."""
    value = "deep"
    for _ in range(50):
        value = [{"a": value}]
    assert json.dumps(jsonable(value)).count("{") == 50


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (timedelta(), "PT0S"),
        (timedelta(seconds=30), "PT30S"),
        (timedelta(minutes=90), "PT5400S"),
        (timedelta(days=1), "P1DT0S"),
        (timedelta(days=10, seconds=10), "P10DT10S"),
        (timedelta(milliseconds=1500), "PT1.5S"),
        (timedelta(microseconds=1), "PT0.000001S"),
        (timedelta(microseconds=-1), "-PT0.000001S"),
        (timedelta(seconds=-30), "-PT30S"),
        (timedelta(days=-1), "-P1DT0S"),
        (timedelta(hours=-25), "-P1DT3600S"),
        (timedelta.max, "P999999999DT86399.999999S"),
        (timedelta.min, "-P999999999DT0S"),
    ],
)
def test_durations(value, written):
    """A duration is ISO 8601: days and seconds, with a sign before it where it is negative."""
    assert jsonable(value) == written


# RFC 3339, Appendix A, with the fraction of ISO 8601 and the sign of its second part.
DURATION = re.compile(r"(-?)P(?:([0-9]+)D)?T([0-9]+)(?:\.([0-9]{1,6}))?S")


@given(st.timedeltas())
def test_any_duration(value):
    """Every duration is written by the grammar, and can be read back exactly."""
    sign, days, seconds, fraction = DURATION.fullmatch(jsonable(value)).groups()
    read = timedelta(int(days or 0), int(seconds), int((fraction or "0").ljust(6, "0")))
    assert (-read if sign else read) == value


ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.fractions(),
    st.text(st.characters(exclude_categories=())),
    st.datetimes(timezones=st.none() | st.timezones()),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.uuids(),
    st.sampled_from([*Colour, *Word, Lazy(), Shout("x"), Issue("a", pointer="#")]),
)
KEYS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(st.characters(exclude_categories=()))
)


def is_signalling(value):
    """Tell the one number that cannot be in a set."""
    return isinstance(value, Decimal) and value.is_snan()


VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(KEYS, inner)
        | st.builds(Line, inner, inner)
        | st.sets(ATOMS.filter(lambda atom: not is_signalling(atom)))
    ),
    max_leaves=20,
)


@given(VALUES)
def test_always_strict_json(value):
    """Whatever the table has comes out as JSON that UTF-8 carries and a strict reader takes."""

    def refuse(constant):
        pytest.fail(f"{constant} is not JSON")

    result = jsonable(value)
    written = json.dumps(result, ensure_ascii=False, allow_nan=False).encode()
    assert json.loads(written, parse_constant=refuse) == result


@given(st.text(st.characters(exclude_categories=())))
def test_encodable(text):
    """Every text can be sent afterwards, and one that could be before is left as it was."""
    result = encodable(text)
    assert type(result) is str
    assert result.encode().decode() == result
    if not re.search("[\ud800-\udfff]", text):
        assert result == text
