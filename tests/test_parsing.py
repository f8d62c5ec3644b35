"""Tests of what JSON becomes where a member has a type: what it was before it was JSON."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Any, Literal, NamedTuple, NewType, NotRequired, TypedDict, TypeVar
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flask_httpstatus import Issue, NotFound
from flask_httpstatus.members import jsonable
from flask_httpstatus.parsing import parse
from flask_httpstatus.texts import Text

T = TypeVar("T")
UserId = NewType("UserId", int)


class Colour(Enum):
    """An enumeration of texts."""

    RED = "red"


class Level(IntEnum):
    """An enumeration of numbers."""

    LOW = 1


class Share(Enum):
    """An enumeration of what JSON has no type for."""

    HALF = Decimal("0.5")


class Point(NamedTuple):
    """A row with names."""

    x: int
    y: int


@dataclass
class Node:
    """What contains its own kind."""

    name: str
    parts: "list[Node]" = field(default_factory=list)
    made: int = field(default=0, init=False)


class Movie(TypedDict):
    """A dict with names."""

    title: str
    year: NotRequired[int]


#: A type and a value of it.
KEPT = [
    (None, None),
    (bool, True),
    (int, 7),
    (float, 1.5),
    (str, "x"),
    (Text, "x"),
    (object, [1]),
    (Any, {"a": 1}),
    (T, 1),
    (Decimal, Decimal("1.50")),
    (UUID, UUID(int=7)),
    (date, date(2026, 12, 24)),
    (datetime, datetime(2026, 12, 24, 18, tzinfo=UTC)),
    (time, time(18, 30)),
    (Colour, Colour.RED),
    (Level, Level.LOW),
    (Share, Share.HALF),
    (Literal["a", 1], 1),
    (Literal[Colour.RED], Colour.RED),
    (Annotated[int, "in cents"], 5),
    (UserId, UserId(7)),
    (int | None, None),
    (int | str, "x"),
    (date | datetime, datetime(2026, 12, 24, 18, tzinfo=UTC)),
    (list[int], [1, 2]),
    (list, [1, "a"]),
    (set[str], {"a", "b"}),
    (frozenset[int], frozenset({1})),
    (Sequence[int], [1]),
    (Iterable[int], [1]),
    (AbstractSet[int], frozenset({1})),
    (tuple[int, ...], (1, 2, 3)),
    (tuple[int, str], (1, "a")),
    (tuple, (1, "a")),
    (Point, Point(1, 2)),
    (dict[str, int], {"a": 1}),
    (dict[int, str], {7: "a"}),
    (dict[Colour, int], {Colour.RED: 1}),
    (dict[Level, int], {Level.LOW: 1}),
    (dict[bool, int], {True: 1}),
    (Mapping[str, Any], {"a": [1]}),
    (dict, {"a": 1}),
    (Movie, {"title": "M"}),
    (Movie, {"title": "M", "year": 1931}),
    (Node, Node("a", [Node("b")])),
    (Issue, Issue("no", pointer="#/age")),
    (list[Issue], [Issue("no"), Issue("never", code="x")]),
    (timedelta, timedelta(days=1, seconds=30, microseconds=500)),
    (timedelta, -timedelta(hours=1)),
    (timedelta, timedelta()),
]


@pytest.mark.parametrize(("annotation", "value"), KEPT)
def test_there_and_back(annotation, value):
    """What has become JSON becomes what it was."""
    sent = json.loads(json.dumps(jsonable(value)))
    read = parse(sent, annotation)
    assert read == value
    assert type(read) is type(value)


@given(st.timedeltas())
def test_durations(value):
    """Every duration comes back."""
    assert parse(jsonable(value), timedelta) == value


@pytest.mark.parametrize(
    ("annotation", "written"),
    [
        (bool, 1),
        (bool, None),
        (int, True),
        (int, "7"),
        (int, 1.5),
        (float, "1.5"),
        (float, True),
        (str, 7),
        (str, None),
        (None, 0),
        (Decimal, "a"),
        (Decimal, 1.5),
        (UUID, "7"),
        (UUID, 7),
        (date, "2026-12-24T18:00"),
        (date, 20261224),
        (datetime, "now"),
        (time, ""),
        (timedelta, "P"),
        (timedelta, "P1Y"),
        (timedelta, "PT"),
        (timedelta, "P999999999DT999999999H"),
        (timedelta, 7),
        (Colour, "blue"),
        (Colour, ["red"]),
        (Level, True),
        (Literal["a"], "b"),
        (int | None, "x"),
        (list[int], ["x"]),
        (list[int], "12"),
        (list[int], {"a": 1}),
        (set[list[int]], [[1]]),
        (tuple[int, str], [1]),
        (tuple[int, str], [1, "a", 2]),
        (Point, [1]),
        (dict[str, int], {"a": "b"}),
        (dict[str, int], [["a", 1]]),
        (dict[int, str], {"a": "b"}),
        (Movie, {"year": 1931}),
        (Movie, {"title": 7}),
        (Node, {}),
        (Node, {"name": "a", "parts": [{}]}),
        (Issue, {"detail": "no", "pointer": "a"}),
        (complex, 1),
        (NotFound, {}),
        ("no type", 1),
    ],
)
def test_wrong(annotation, written):
    """What is of another type is refused, and so is a type that members do not have."""
    with pytest.raises((TypeError, ValueError)):
        parse(written, annotation)


@pytest.mark.parametrize(
    ("annotation", "written", "read"),
    [
        (int, 7.0, 7),
        (float, 7, 7.0),
        (Decimal, 7, Decimal(7)),
        (timedelta, "PT1H30M", timedelta(minutes=90)),
        (datetime, "2026-12-24T18:00:00Z", datetime(2026, 12, 24, 18, tzinfo=UTC)),
        (Node, {"name": "a", "made": 7, "more": 1}, Node("a")),
        (Movie, {"title": "M", "more": 1}, {"title": "M"}),
    ],
)
def test_as_others_write_it(annotation, written, read):
    """What others write differently is read as well, and what they have more is left out."""
    assert parse(written, annotation) == read


def test_models_of_pydantic():
    """A model validates itself."""
    pydantic = pytest.importorskip("pydantic")

    class Person(pydantic.BaseModel):
        age: int

    assert parse({"age": 7}, list[Person] | Person) == Person(age=7)
    with pytest.raises(ValueError, match="age"):
        parse({"age": "x"}, Person)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type statements are of Python 3.12")
def test_type_statements():
    """What Python calls a type alias is what it stands for."""
    names = {}
    exec("type Ids = list[int]", names)
    assert parse([1], names["Ids"]) == [1]
