"""The schemas of problem types, and whether what is answered is what they say."""

import collections
import dataclasses
import enum
import json
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    NewType,
    NotRequired,
    Optional,
    Required,
    TypedDict,
    Union,
)
from uuid import UUID

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_httpstatus import Conflict, Issue, Problem, TooManyRequests, UnprocessableContent
from flask_httpstatus import members as members_room
from flask_httpstatus.document import document
from flask_httpstatus.examples import example
from flask_httpstatus.members import jsonable, schema_of
from flask_httpstatus.schemas import Schemas


class Colour(enum.Enum):
    """A choice."""

    RED = "red"
    NONE = None


class Size(enum.IntEnum):
    """A choice of numbers."""

    SMALL = 1
    LARGE = 2


class Right(enum.Flag):
    """Several choices at once."""

    READ = 1
    WRITE = 2


class Point(NamedTuple):
    """A tuple with names."""

    x: int
    label: str


class Address(TypedDict):
    """A dict with known keys."""

    street: str
    number: NotRequired[int]


class Loose(TypedDict, total=False):
    """A dict whose keys may be left out."""

    street: str
    number: Required[int]


class Nothing(TypedDict, total=False):
    """A dict in which nothing has to be."""

    street: str


@dataclass
class Node:
    """A dataclass that contains itself."""

    value: Decimal
    children: "list[Node]" = field(default_factory=list)
    parent: "Node | None" = None


UserId = NewType("UserId", int)


class Named(str):
    """A str of one's own."""

    __slots__ = ()


SCALARS = {
    str: st.text(),
    int: st.integers(-(10**20), 10**20),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    None: st.none(),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    datetime: st.datetimes(
        min_value=datetime(1000, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    date: st.dates(),
    time: st.times(),
    timedelta: st.timedeltas(),
    UUID: st.uuids(),
    UserId: st.integers(0, 9),
    Named: st.builds(Named, st.text()),
    Colour: st.sampled_from(Colour),
    Size: st.sampled_from(Size),
    Right: st.sampled_from([Right.READ, Right.READ | Right.WRITE]),
    Literal["a", 1, Colour.RED]: st.sampled_from(["a", 1, Colour.RED]),
    Issue: st.builds(Issue, st.text(), code=st.none() | st.text()),
    Point: st.builds(Point, st.integers(), st.text()),
    Address: st.fixed_dictionaries({"street": st.text()}, optional={"number": st.integers()}),
    Loose: st.fixed_dictionaries({"number": st.integers()}, optional={"street": st.text()}),
    Nothing: st.fixed_dictionaries({}, optional={"street": st.text()}),
    Any: st.integers() | st.text() | st.none(),
    object: st.booleans(),
    Node: st.recursive(
        st.builds(Node, st.decimals(allow_nan=False, allow_infinity=False), st.just([])),
        lambda inner: st.builds(Node, st.just(Decimal(1)), st.lists(inner, max_size=2), inner),
        max_leaves=3,
    ),
}


def deeper(kinds):
    """Return a strategy for annotations made of others, each with a strategy for its values."""
    hashable = st.sampled_from([str, int, date, UUID, Size]).map(lambda one: (one, SCALARS[one]))
    return st.one_of(
        kinds.map(lambda one: (list[one[0]], st.lists(one[1], max_size=3))),
        kinds.map(
            lambda one: (collections.abc.Sequence[one[0]], st.lists(one[1], max_size=3).map(tuple))
        ),
        kinds.map(lambda one: (tuple[one[0], ...], st.lists(one[1], max_size=3).map(tuple))),
        st.tuples(kinds, kinds).map(
            lambda two: (tuple[two[0][0], two[1][0]], st.tuples(two[0][1], two[1][1]))
        ),
        kinds.map(lambda one: (dict[str, one[0]], st.dictionaries(st.text(), one[1], max_size=3))),
        hashable.map(lambda one: (set[one[0]], st.sets(one[1], max_size=3))),
        kinds.map(lambda one: (Optional[one[0]], st.none() | one[1])),  # noqa: UP045
        kinds.map(lambda one: (Annotated[one[0], "in cents"], one[1])),
        st.tuples(kinds, kinds).map(
            lambda two: (Union[two[0][0], two[1][0]], two[0][1] | two[1][1])  # noqa: UP007
        ),
    )


ANNOTATED = st.recursive(st.sampled_from(list(SCALARS.items())), deeper, max_leaves=4)


def declare(annotations, kind=Conflict, **attributes):
    """Return a problem type with these members."""
    return type("Declared", (Problem, kind), {"__annotations__": annotations, **attributes})


def complete(schemas, reference):
    """Return a JSON Schema that stands alone, checked for being one."""
    schema = {**reference, "$defs": schemas.definitions}
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema


def validate(value, schema):
    """Validate with formats."""
    jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    ).validate(value)


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_answers_are_what_schemas_say(data):
    """Whatever a member's type, what is sent of its values is what the schema says."""
    annotation, values = data.draw(ANNOTATED)
    problem = declare({"member": annotation, "other_": Annotated[int, "number"]}, base="/p")
    schemas = Schemas("#/$defs/")
    schema = complete(schemas, schemas.of_problem(problem))
    sent = json.loads(json.dumps(document(problem(member=data.draw(values), other_=7))))
    assert "member" in sent
    validate(sent, schema)


@pytest.mark.parametrize("annotation", SCALARS, ids=str)
def test_examples_are_what_schemas_say(annotation):
    """The example of a type is what its schema says."""
    problem = declare({"member": annotation, "many": list[annotation]}, base="/p")
    schemas = Schemas("#/$defs/")
    schema = complete(schemas, schemas.of_problem(problem))
    validate(example(problem, schemas), schema)


@pytest.mark.parametrize(
    ("annotation", "wrong"),
    [
        (int, "7"),
        (str, 7),
        (UUID, "7"),
        (date, "today"),
        (list[int], ["7"]),
        (dict[str, int], {"a": "7"}),
        (tuple[int, str], [1]),
        (tuple[int, str], [1, "a", 2]),
        (Literal["a"], "b"),
        (Colour, "blue"),
        (Address, {"number": 7}),
        (Node, {"value": "1"}),
        (int | None, "7"),
        (Issue, {}),
        (bool, None),
        (list[Node], [{"value": "1", "children": [7], "parent": None}]),
    ],
    ids=str,
)
def test_schemas_are_not_idle(annotation, wrong):
    """A schema refuses what is no such value."""
    schemas = Schemas("#/$defs/")
    with pytest.raises(jsonschema.ValidationError):
        validate(wrong, complete(schemas, schemas.of(annotation)))


def test_one_table():
    """What is written as JSON has a schema in the same row."""
    assert jsonable.registry.keys() == members_room._schema.registry.keys()
    assert schema_of(int) == {"type": "integer"}
    assert schema_of(bool) == {"type": "boolean"}
    assert schema_of(datetime) != schema_of(date)


def test_a_schema_is_the_callers():
    """A schema can be added to, and the table stays as it is."""
    schema_of(int)["minimum"] = 0
    assert schema_of(int) == {"type": "integer"}


class Described(Problem, TooManyRequests):
    """You asked too often.

    Wait a little.

    Then ask again.
    """

    title = "Too often"
    message = "Wait for {wait} s."
    retryable = True
    wait: Annotated[int, 7, "in seconds", "not this"]
    node: Annotated[Node, "a tree"]
    how_: str = "slowly"


def test_the_schema_of_a_problem():
    """The schema has the constants of the type, the docstring and the descriptions."""
    schemas = Schemas("#/$defs/")
    assert schemas.of_problem(Described) == {"$ref": "#/$defs/Described"}
    schema = schemas.definitions["Described"]
    properties = schema["properties"]
    assert schema["title"] == "Too often"
    assert schema["description"] == "You asked too often.\n\nWait a little.\n\nThen ask again."
    assert schema["required"] == ["type", "title", "status", "retryable", "wait", "node", "how"]
    assert properties["type"] == {"type": "string", "enum": ["/problems/described"]}
    assert properties["status"] == {"type": "integer", "enum": [429]}
    assert properties["wait"] == {"type": "integer", "description": "in seconds"}
    assert properties["node"] == {"allOf": [{"$ref": "#/$defs/Node"}], "description": "a tree"}
    assert "errors" not in properties


def test_the_example_of_a_problem():
    """The example is a document of the type, with its message and its defaults."""
    assert example(Described, Schemas("#/")) == {
        "type": "/problems/described",
        "title": "Too often",
        "status": 429,
        "detail": "Wait for 1 s.",
        "retryable": True,
        "wait": 1,
        "node": {"value": "19.99", "children": [], "parent": None},
        "how": "slowly",
    }


def test_no_docstring():
    """Without a docstring the title is the description, and no base's is taken."""
    below = type("Below", (Described,), {})
    schemas = Schemas("#/")
    schemas.of_problem(below)
    assert schemas.definitions["Below"]["description"] == "Too often"


def test_issues():
    """A kind that takes errors may send them, also where the type does not declare them."""
    schemas = Schemas("#/$defs/")
    problem = declare({}, UnprocessableContent)
    schema = complete(schemas, schemas.of_problem(problem))
    validate(document(problem()), schema)
    validate(document(problem(errors=[Issue("x", pointer="#/y")])), schema)
    with pytest.raises(jsonschema.ValidationError):
        validate({**document(problem()), "errors": [{}]}, schema)


def test_notes_that_are_no_text():
    """Notes that say nothing to people are passed over."""
    assert Schemas("#/").of(Annotated[int, 7]) == {"type": "integer"}


def test_failures_in_general():
    """A failure without a type of its own is what the schema of failures says."""
    schemas = Schemas("#/$defs/")
    schema = complete(schemas, schemas.of_failures())
    validate(document(UnprocessableContent("no", errors=[Issue("x")])), schema)
    validate(document(Conflict("no", name="ada")), schema)
    with pytest.raises(jsonschema.ValidationError):
        validate({"title": "Conflict"}, schema)


def test_lazy_texts():
    """What writes itself is a text."""

    class Lazy:
        def __str__(self):
            return "text"

    class Bare:
        pass

    assert Schemas("#/").of(Lazy) == {"type": "string"}
    assert Schemas("#/").of(Bare) == Schemas("#/").of(...) == {}


@pytest.mark.parametrize("bare", [list, tuple, set, dict])
def test_bare_containers(bare):
    """A container that does not say of what holds anything."""
    schema = Schemas("#/").of(bare)
    validate(jsonable(bare()), schema)
    assert schema["type"] in {"array", "object"}


class Other:
    """A place for a second class of the same name."""

    @dataclass
    class Node:
        """Not the other one."""

        name: str


def test_two_types_of_one_name():
    """Two types of one name are refused, with the way out."""
    schemas = Schemas("#/")
    schemas.of(Node)
    with pytest.raises(ValueError, match="are both Node; rename one"):
        schemas.of(Other.Node)


def test_names_that_cannot_be_read():
    """An annotation that is not there at run time is an error that says what to do."""
    problem = declare({"member": "Missing"})
    with pytest.raises(TypeError, match="annotations of Declared cannot be read: name 'Missing'"):
        Schemas("#/").of_problem(problem)
    with pytest.raises(TypeError, match="annotations of Nested cannot be read"):
        Schemas("#/").of(dataclasses.make_dataclass("Nested", [("x", "Missing")]))


def test_names_outside_of_ascii():
    """A name that a reference cannot have is written so that it can."""
    schemas = Schemas("#/$defs/")
    assert schemas.of(dataclasses.make_dataclass("Größe", [("x", int)])) == {
        "$ref": "#/$defs/Gr__e"
    }


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the type statement is of Python 3.12")
def test_type_statements():
    """A type alias may contain itself or take parameters."""
    names = {}
    exec("type Tree = dict[str, Tree]\ntype Pair[T] = list[T]", names)
    schemas = Schemas("#/$defs/")
    schema = complete(schemas, schemas.of(names["Tree"]))
    validate({"a": {"b": {}}}, schema)
    with pytest.raises(jsonschema.ValidationError):
        validate({"a": 7}, schema)
    assert schemas.of(names["Pair"][int]) == schemas.of(names["Pair"]) == {"$ref": "#/$defs/Pair"}


def test_aliases():
    """A type alias of Python 3.12 is what it stands for."""
    alias = type("Alias", (), {})()
    alias.__name__ = "Tree"
    alias.__value__ = dict[str, int]
    schemas = Schemas("#/$defs/")
    assert schemas.of(alias) == {"$ref": "#/$defs/Tree"}
    assert schemas.definitions["Tree"] == {
        "type": "object",
        "additionalProperties": {"type": "integer"},
    }
