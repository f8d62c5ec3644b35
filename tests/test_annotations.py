"""Tests of what annotations mean, to schemas and to what is read by them."""

import sys
import types
from collections import namedtuple
from typing import Any, NotRequired, TypedDict

import pytest

from flask_httpstatus import NotFound, Problem, Unauthorized
from flask_httpstatus.annotations import fields_of, hints_of
from flask_httpstatus.members import jsonable
from flask_httpstatus.parsing import parse
from flask_httpstatus.schemas import Schemas

#: As it is executed from a file, a notebook or a document: there may be no module of that name.
PROGRAM = """
from dataclasses import InitVar, dataclass
from typing import ClassVar, NamedTuple, NotRequired, TypedDict

from flask_httpstatus import NotFound, Problem

@dataclass
class Box:
    width: int
    unit: ClassVar[str] = "cm"
    scale: InitVar[int] = 1

class Point(NamedTuple):
    x: int

class Paper(TypedDict):
    size: int
    colour: NotRequired[str]

class Lost(Problem, NotFound):
    limit: ClassVar[int] = 3
    box: Box
    point: Point
    paper: Paper
    size: "int"
"""


def executed(name):
    """Return what the program defines, as a module of this name."""
    names = {"__name__": name}
    exec(PROGRAM, names)
    return names


class Node(TypedDict):
    """Has another of its kind."""

    below: "NotRequired[Node]"


def test_hints():
    """The types of members are those of the class and its bases, from text too."""

    class Base(Problem):
        size: "int | None"
        made: int

    class Derived(Base, NotFound):
        made: "Unknown"  # noqa: F821
        odd: "1 +"  # noqa: F722
        tree: "Node"

    assert hints_of(Derived, lenient=True) == {
        "size": int | None,
        "made": Any,
        "odd": Any,
        "tree": Node,
    }


@pytest.mark.parametrize("text", ["Unknown", "1 +", "sys.missing", "1 / 0"])
def test_hints_that_cannot_be_read(text):
    """Whatever is wrong with an annotation, the error names its class and what to do."""

    class Odd(Problem, NotFound):
        __annotations__ = {"odd": text}

    with pytest.raises(TypeError, match=r"the annotations of Odd cannot be read: .*; import it"):
        hints_of(Odd)


def test_members_only():
    """What every failure has, and what its kind has, are no members."""

    class Locked(Problem, Unauthorized):
        door: str

    assert hints_of(Locked) == {"door": str}


def test_without_module():
    """The classes of a program that is no module have schemas, and are read."""
    names = executed("nowhere")
    assert "nowhere" not in sys.modules
    lost = names["Lost"]
    schemas = Schemas("#/")

    assert [*schemas.of_members(lost)] == ["box", "point", "paper", "size"]
    assert schemas.definitions["Paper"]["required"] == ["size"]
    assert hints_of(lost)["size"] is int
    assert parse({"size": 1}, names["Paper"]) == {"size": 1}
    assert parse([1], names["Point"]) == names["Point"](1)


def test_annotations_that_are_all_texts(monkeypatch):
    """With ``from __future__ import annotations`` the schemas are the same."""
    module = types.ModuleType("later")
    monkeypatch.setitem(sys.modules, "later", module)
    exec("from __future__ import annotations\n" + PROGRAM, vars(module))
    now, later = Schemas("#/"), Schemas("#/")

    assert later.of_members(module.Lost) == now.of_members(executed("nowhere")["Lost"])
    assert later.definitions == now.definitions
    assert parse({"size": 1}, module.Paper) == {"size": 1}


def test_fields_of_a_dataclass():
    """Of a dataclass the schema has what is written: no class variables, nothing for its making."""
    box = executed("nowhere")["Box"]
    schemas = Schemas("#/")
    schemas.of(box)

    assert schemas.definitions["Box"]["required"] == [*jsonable(box(7))] == ["width"]


def test_fields_without_a_type():
    """A named tuple whose fields have no type holds anything."""
    pair = namedtuple("pair", "one other")  # noqa: PYI024

    assert fields_of(pair) == {"one": Any, "other": Any}
    assert Schemas("#/").of(pair) == {"type": "array", "items": {}, "minItems": 2, "maxItems": 2}
    assert parse([1, "a"], pair) == pair(1, "a")
