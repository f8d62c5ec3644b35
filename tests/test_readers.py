import copy
import json
import logging
import pickle
import subprocess
import sys
import textwrap
from decimal import Decimal
from typing import Annotated, Literal

import jsonschema
import marshmallow
import msgspec
import pydantic
import pytest
import webargs.flaskparser
import wtforms
from flask import Flask, request
from flask_wtf import FlaskForm
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import fields, validate
from pydantic_core import PydanticCustomError
from werkzeug.exceptions import UnprocessableEntity

from flask_httpstatus import BadRequest, Conflict, Failures, Issue, UnprocessableContent
from flask_httpstatus.placing import Mistake, placed
from flask_httpstatus.readers import issues, issues_raised

NEUTRAL = "This value is not valid."


def posted(body):
    """Return the context of a request with this JSON."""
    return Flask("example").test_request_context(method="POST", json=body)


def reading(validate, body, error):
    """Return the issues of what a validator says about the JSON of a request."""
    with posted(body), pytest.raises(error) as caught:
        validate(request.get_json())
    with posted(body):
        return issues(caught.value)


def resolved(pointer, body):
    """Return what a pointer points at, by the RFC's own algorithm (RFC 6901, Sections 4 and 6)."""
    from urllib.parse import unquote

    for step in unquote(pointer.removeprefix("#")).split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        body = body[int(key)] if isinstance(body, list) else body[key]
    return body


# pydantic


class Cat(pydantic.BaseModel):
    """A branch of a union."""

    kind: Literal["cat"]
    lives: int


class Dog(pydantic.BaseModel):
    """The other branch."""

    kind: Literal["dog"]
    bones: list[int]


class Inner(pydantic.BaseModel):
    """An object in an order."""

    ident: int = pydantic.Field(alias="id")


class Order(pydantic.BaseModel):
    """What can go wrong with places."""

    model_config = pydantic.ConfigDict(validate_by_name=True, validate_by_alias=True)

    quantity: int = pydantic.Field(1, alias="qty", gt=0)
    code: str = pydantic.Field("x", validation_alias=pydantic.AliasChoices("code", "sku"))
    deep: int = pydantic.Field(1, validation_alias=pydantic.AliasPath("way", 0, "down"))
    pet: Annotated[Cat | Dog, pydantic.Field(discriminator="kind")] | None = None
    either: int | list[int] | Inner | None = None
    prices: dict[int, int] = {}
    wrapped: Annotated[int, pydantic.WrapValidator(lambda value, handler: handler(value))] | str = 1
    items: list[Inner] = []
    percent: int = pydantic.Field(0, alias="%/~ä")

    @pydantic.model_validator(mode="before")
    @classmethod
    def changed(cls, data):
        """Change the data that was given, as validators may."""
        if isinstance(data, dict):
            data.pop("legacy", None)
        return data


class Strict(pydantic.BaseModel):
    """An object without other fields."""

    model_config = pydantic.ConfigDict(extra="forbid")
    id: int


PYDANTIC = [
    pytest.param(Order, {"qty": 0}, [("#/qty", "greater_than")], id="alias"),
    pytest.param(Order, {"quantity": 0}, [("#/quantity", "greater_than")], id="name"),
    pytest.param(Order, {"sku": 1}, [("#/sku", "string_type")], id="choice"),
    pytest.param(Order, {"way": [{"down": "x"}]}, [("#/way/0/down", "int_parsing")], id="way"),
    pytest.param(Order, {"%/~ä": "x"}, [("#/%25~1~0%C3%A4", "int_parsing")], id="escapes"),
    pytest.param(Order, {"items": [{}]}, [("#/items/0/id", "missing")], id="missing"),
    pytest.param(Order, {"items": [{"id": 1}, 5]}, [("#/items/1", "model_type")], id="item"),
    pytest.param(Order, {"pet": {"kind": "cat"}}, [("#/pet/lives", "missing")], id="tag"),
    pytest.param(Order, {"pet": {}}, [("#/pet", "union_tag_not_found")], id="no tag"),
    pytest.param(
        Order,
        {"pet": {"kind": "cat", "cat": {"lives": 9}, "lives": "x"}},
        [("#/pet/lives", "int_parsing")],
        id="tag that is a key as well",
    ),
    pytest.param(
        Order,
        {"pet": {"kind": "cat", "cat": {}}},
        [("#/pet/lives", "missing")],
        id="tag that is a key of an object as well",
    ),
    pytest.param(
        Order,
        {"either": {"id": "x"}},
        [
            ("#/either", "int_type"),
            ("#/either", "list_type"),
            ("#/either/id", "int_parsing"),
        ],
        id="union",
    ),
    pytest.param(
        Order,
        {"prices": {"1": "y", "x": 1}},
        [("#/prices/1", "int_parsing"), ("#/prices/x", "int_parsing")],
        id="keys",
    ),
    pytest.param(
        Order, {"wrapped": []}, [("#/wrapped", "int_type"), ("#/wrapped", "string_type")], id="wrap"
    ),
    pytest.param(Order, {"legacy": 1, "qty": 0}, [("#/qty", "greater_than")], id="changed"),
    pytest.param(Order, [], [("#", "model_type")], id="root"),
    pytest.param(Strict, {"id": 1, "more": 2}, [("#/more", "extra_forbidden")], id="extra"),
    pytest.param(
        Strict, {"item": {}}, [("#/id", "missing"), ("#/item", "extra_forbidden")], id="2"
    ),
]


@pytest.mark.parametrize(("model", "body", "expected"), PYDANTIC)
@pytest.mark.parametrize("way", ["python", "json"])
def test_pydantic_pointers(model, body, expected, way):
    """The pointers of pydantic's errors are those of the body that was sent, the codes its own."""

    def validate(data):
        if way == "python":
            return model.model_validate(data)
        return model.model_validate_json(json.dumps(data))

    found = reading(validate, body, pydantic.ValidationError)
    assert [(issue.pointer, issue.code) for issue in found] == expected
    for issue in found:
        if issue.code != "missing":
            resolved(issue.pointer, body)


def test_pydantic_texts():
    """What pydantic says is said, without its prefixes for exceptions."""

    class Model(pydantic.BaseModel):
        a: Annotated[int, pydantic.Field(gt=5)]
        b: int

        @pydantic.field_validator("b")
        @classmethod
        def odd(cls, value):
            if value % 2 == 0:
                raise ValueError("must be odd")
            if value < 0:
                raise AssertionError("must not be negative")
            return value

    def details(**body):
        found = reading(Model.model_validate, body, pydantic.ValidationError)
        return [issue.detail for issue in found]

    assert details(a=5, b=2) == ["Input should be greater than 5", "must be odd"]
    assert details(a="x", b=-1)[1] == "must not be negative"
    assert details(b=1) == ["Field required"]


def saying(text):
    """Return a model whose validator says this about each value."""

    class Model(pydantic.BaseModel):
        value: object = None

        @pydantic.field_validator("value")
        @classmethod
        def refuse(cls, value):
            raise ValueError(text(value))

    return Model


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("hunter2", "hunter2 is wrong"),
        ("hunter2", "wrong: 'hunter2'"),
        ("  hunter2 ", "wrong: hunter2"),
        ("a\nb'", "wrong: " + repr("a\nb'")),
        ("no", "invalid literal for int() with base 10: 'no'"),
        ("x", "x"),
        (123, "the code 123 is wrong"),
        ("007", "7 is unlucky"),
        (7, "7.0 is unlucky"),
        (7.5, "7.50 is unlucky"),
        (-3, "-3 is too small"),
        (1e300, "1e+300 is too big"),
        ({"deep": [{"secret": "hunter2"}]}, "not hunter2, please"),
        ([["hunter2"]], "['hunter2'] is wrong"),
        ({"a": "b"}, ""),
    ],
)
def test_no_echo(value, text):
    """A text that repeats the value, or one inside of it, is replaced by a neutral one."""
    model = saying(lambda _: text)
    [issue] = reading(model.model_validate, {"value": value}, pydantic.ValidationError)
    assert issue == Issue(NEUTRAL, pointer="#/value", code="value_error")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "must be a colour"),
        ("on", "only one of them"),
        ("ball", "that is no football"),
        (3, "must have 13 characters, or 4.3, of base64 or x3"),
        (True, "True or False, 1 or 0"),
        (None, "None is not allowed"),
        ("", "must not be empty"),
        ({"key": None}, "the key is not allowed"),
        (4, "must have 3 parts"),
    ],
)
def test_no_false_echo(value, text):
    """A text that has the letters or digits of the value by chance stays."""
    model = saying(lambda _: text)
    [issue] = reading(model.model_validate, {"value": value}, pydantic.ValidationError)
    assert issue.detail == text


@given(st.text(min_size=3).filter(str.strip) | st.integers() | st.floats(allow_nan=False))
def test_never_an_echo(value):
    """Whatever the value is, it does not come back in the text that Python makes of it."""
    for text in (f"{value} is wrong", f"wrong: {value!r}", f"({value})"):
        model = saying(lambda _, text=text: text)
        [issue] = reading(model.model_validate, {"value": value}, pydantic.ValidationError)
        assert issue.detail == NEUTRAL


def test_pydantic_custom_errors():
    """A custom error keeps its code and text, and no value in it."""

    class Model(pydantic.BaseModel):
        colour: str

        @pydantic.field_validator("colour")
        @classmethod
        def known(cls, value):
            raise PydanticCustomError("colour", "{value} is no colour", {"value": value})

    [issue] = reading(Model.model_validate, {"colour": "hunter2"}, pydantic.ValidationError)
    assert issue == Issue(NEUTRAL, pointer="#/colour", code="colour")


def test_pydantic_tag_is_not_echoed():
    """The message for a tag that there is not repeats it, and so is replaced."""
    body = {"pet": {"kind": "hunter2"}}
    [issue] = reading(Order.model_validate, body, pydantic.ValidationError)
    assert (issue.detail, issue.code) == (NEUTRAL, "union_tag_invalid")


def test_pydantic_deep_bodies():
    """A body made to have many ways through it is read in no time, at the right place."""

    class Node(pydantic.BaseModel):
        child: "Node | None" = None
        value: int = 0

        @pydantic.field_validator("value")
        @classmethod
        def refuse(cls, value):
            raise ValueError("no" if value else "never")

    body = {"value": 5}
    for _ in range(100):
        body = {"child": body}
    [issue] = reading(Node.model_validate, body, pydantic.ValidationError)
    assert issue.pointer == "#" + "/child" * 100 + "/value"


def test_ambiguous_ways_are_bounded():
    """Where no way leads to the value that is meant, the search ends early at the first way."""
    body = {"value": 1}
    for _ in range(60):
        body = {"child": body}
    steps = ("child",) * 40
    mistake = Mistake("no", steps, doubtful=frozenset(steps), values=("changed",))
    with posted(body):
        [issue] = placed([mistake], "body")
    assert issue.pointer == "#" + "/child" * 40


@given(
    st.recursive(
        st.integers(),
        lambda inner: st.lists(inner, min_size=1) | st.dictionaries(st.text(), inner, min_size=1),
    ),
    st.data(),
)
def test_pointers_resolve(body, data):
    """A pointer made from any way into any body leads where the way led."""
    steps, value = [], body
    while isinstance(value, (list, dict)):
        step = data.draw(
            st.sampled_from(range(len(value)) if isinstance(value, list) else [*value])
        )
        steps.append(step)
        value = value[step]
    with posted(body):
        [issue] = placed([Mistake("is wrong", tuple(steps))], "body")
    assert resolved(issue.pointer, body) == value
    assert issue.pointer.isascii()


def test_lone_surrogates_in_keys():
    """A key that UTF-8 cannot carry has a pointer nevertheless."""
    context = Flask("example").test_request_context(data=b'{"\\ud800": 1}', method="POST")
    with context:
        [issue] = placed([Mistake("is wrong", ("\ud800",))], "body")
    assert issue.pointer == "#/?"


# marshmallow


class Line(marshmallow.Schema):
    """A line of a bill."""

    quantity = fields.Integer(required=True, validate=validate.Range(min=1), data_key="qty")
    value = fields.Integer(required=True)


class Bill(marshmallow.Schema):
    """What can go wrong with places."""

    lines = fields.List(fields.Nested(Line))
    prices = fields.Dict(
        keys=fields.String(validate=validate.Length(min=2)), values=fields.Nested(Line)
    )
    counts = fields.Dict(values=fields.Integer())
    pair = fields.Tuple((fields.Integer(), fields.Integer()))
    colour = fields.String(validate=validate.OneOf(["red", "green"]))
    named = fields.String(error_messages={"invalid": "{input} is no name"})
    refused = fields.Raw()

    @marshmallow.validates("refused")
    def refuse(self, value, **_):
        raise marshmallow.ValidationError(f"{value} is refused")

    @marshmallow.validates_schema
    def whole(self, data, **_):
        if data.get("colour") == "green":
            raise marshmallow.ValidationError("not like this")


LINE = {"qty": 1, "value": 1}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"lines": [{**LINE, "qty": 0}]},
            [("#/lines/0/qty", "Must be greater than or equal to 1.")],
        ),
        ({"lines": [LINE, 3]}, [("#/lines/1", "Invalid input type.")]),
        (
            {"lines": [{}]},
            [
                ("#/lines/0/qty", "Missing data for required field."),
                ("#/lines/0/value", "Missing data for required field."),
            ],
        ),
        (
            {"prices": {"a": {**LINE, "value": "x"}}},
            [
                ("#/prices/a", "Shorter than minimum length 2."),
                ("#/prices/a/value", "Not a valid integer."),
            ],
        ),
        (
            {"prices": {"aa": {"value": 1}}},
            [("#/prices/aa/qty", "Missing data for required field.")],
        ),
        (
            {"prices": {"aa": {"value": 1, "qty": 0}}},
            [("#/prices/aa/qty", "Must be greater than or equal to 1.")],
        ),
        (
            {"prices": {"aa": {"qty": 1}}},
            [("#/prices/aa/value", "Missing data for required field.")],
        ),
        ({"prices": {"aa": 2}}, [("#/prices/aa", "Invalid input type.")]),
        ({"counts": {"aa": {}}}, [("#/counts/aa", "Not a valid integer.")]),
        ({"pair": [1, "x"]}, [("#/pair/1", "Not a valid integer.")]),
        ({"colour": "Red"}, [("#/colour", "Must be one of: red, green.")]),
        ({"colour": "green"}, [("#", "not like this")]),
        ({"unknown": 1}, [("#/unknown", "Unknown field.")]),
        ({"refused": "hunter2"}, [("#/refused", NEUTRAL)]),
        ([], [("#", "Invalid input type.")]),
    ],
)
def test_marshmallow(body, expected):
    """Errors of marshmallow point into the body, past the steps that only marshmallow has."""
    found = reading(Bill().load, body, marshmallow.ValidationError)
    assert [(issue.pointer, issue.detail) for issue in found] == expected


def test_marshmallow_many():
    """The errors of a list of objects begin with its index."""
    found = reading(Line(many=True).load, [LINE, {"qty": 1}], marshmallow.ValidationError)
    assert [issue.pointer for issue in found] == ["#/1/value"]


@pytest.mark.parametrize("messages", ["no", ["no"], {"_schema": ["no"]}, {"_schema": "no"}])
def test_marshmallow_raised_by_hand(messages):
    """A marshmallow error that the application raised is read like one of the schema's."""
    with posted({}):
        assert issues(marshmallow.ValidationError(messages)) == [Issue("no", pointer="#")]


# webargs


@pytest.fixture
def parsing():
    """Return an application whose views parse each part of the request with webargs."""
    app = Flask("example")
    fields_ = {"qty": fields.Integer(required=True), "tags": fields.List(fields.Integer())}
    for location in ("json", "json_or_form", "form", "query", "cookies", "headers"):

        def view(args):
            return args

        view = webargs.flaskparser.use_args(fields_, location=location)(view)
        app.post(f"/{location}", endpoint=location)(view)
    schema = marshmallow.Schema.from_dict(
        {"number": fields.Integer(validate=validate.Range(max=3))}
    )
    numbered = webargs.flaskparser.use_args(schema(), location="view_args")
    app.post("/path/<number>", endpoint="path")(numbered(lambda args, **_: args))
    return app


@pytest.mark.parametrize(
    ("target", "options", "expected"),
    [
        ("/json", {"json": {"qty": "x"}}, {"pointer": "#/qty"}),
        ("/json", {"json": {"qty": 1, "tags": [1, "x"]}}, {"pointer": "#/tags/1"}),
        ("/json_or_form", {"json": {"qty": "x"}}, {"pointer": "#/qty"}),
        ("/json_or_form", {"data": {"qty": "x"}}, {"parameter": "qty"}),
        ("/form", {"data": {"qty": "x"}}, {"parameter": "qty"}),
        ("/form", {"data": {"qty": "1", "tags": ["1", "x"]}}, {"parameter": "tags"}),
        ("/query?qty=x", {}, {"parameter": "qty"}),
        ("/query", {}, {"parameter": "qty"}),
        ("/cookies", {"headers": {"Cookie": "qty=x"}}, {"cookie": "qty"}),
        ("/headers", {"headers": {"qty": "x"}}, {"header": "qty"}),
        ("/path/4", {}, {"parameter": "number"}),
    ],
)
@pytest.mark.parametrize("mapped", [True, False])
def test_webargs(parsing, target, options, expected, mapped):
    """What webargs aborts with becomes errors, whether its abort raised our kind or Werkzeug's."""
    Failures(parsing)
    if not mapped:
        parsing.aborter.mapping[422] = UnprocessableEntity
    response = parsing.test_client().post(target, **options)
    [error] = response.json["errors"]
    assert response.status_code == 422
    assert error.pop("detail")
    assert error == expected


def test_webargs_other_status(parsing):
    """Any status that webargs is told to abort with carries the errors, and a bad JSON none."""
    Failures(parsing)
    args = {"qty": fields.Integer(required=True)}
    view = webargs.flaskparser.use_args(args, location="json", error_status_code=409)(dict)
    parsing.post("/conflict")(view)
    client = parsing.test_client()
    assert client.post("/conflict", json={}).json["errors"][0]["pointer"] == "#/qty"
    response = client.post("/json", data="{", content_type="application/json")
    assert (response.status_code, "errors" in response.json) == (400, False)


def test_flask_smorest():
    """An API of flask-smorest, which takes webargs for its arguments, answers with errors."""
    import flask_smorest
    from flask.views import MethodView

    from flask_httpstatus import FailureWarning

    app = Flask("example")
    app.config.update(API_TITLE="x", API_VERSION="1", OPENAPI_VERSION="3.0.2")
    api = flask_smorest.Api(app)
    blueprint = flask_smorest.Blueprint("lines", "lines")

    @blueprint.route("/lines")
    class Lines(MethodView):
        @blueprint.arguments(Line)
        @blueprint.response(201)
        def post(self, line):
            return line

    api.register_blueprint(blueprint)
    with pytest.warns(FailureWarning, match="replaces"):
        Failures(app)
    response = app.test_client().post("/lines", json={"qty": 0, "value": 1})
    assert response.mimetype == "application/problem+json"
    assert response.json["errors"] == [
        {"detail": "Must be greater than or equal to 1.", "pointer": "#/qty"}
    ]


# jsonschema

SCHEMA = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 2},
        "age": {"exclusiveMinimum": 5},
        "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "kind": {"enum": ["a", "b"]},
        "fixed": {"const": 1},
    },
    "additionalProperties": False,
    "dependentRequired": {"age": ["kind"]},
}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, ("#/name", "'name' is a required property", "required")),
        ({"name": 1}, ("#/name", "is not of type 'string'", "type")),
        ({"name": "x"}, ("#/name", "is too short", "minLength")),
        (
            {"name": "xx", "kind": "a", "age": 5},
            ("#/age", "is less than or equal to the minimum of 5", "exclusiveMinimum"),
        ),
        ({"name": "xx", "age": 6}, ("#", "'kind' is a dependency of 'age'", "dependentRequired")),
        ({"name": "xx", "tags": ["x", 1]}, ("#/tags/1", "is not of type 'string'", "type")),
        ({"name": "xx", "tags": ["x", "x"]}, ("#/tags", "has non-unique elements", "uniqueItems")),
        ({"name": "xx", "kind": "hunter2"}, ("#/kind", "is not one of ['a', 'b']", "enum")),
        ({"name": "xx", "fixed": 2}, ("#/fixed", "1 was expected", "const")),
        (
            {"name": "xx", "more": 1},
            (
                "#",
                "Additional properties are not allowed ('more' was unexpected)",
                "additionalProperties",
            ),
        ),
        ([], ("#", "is not of type 'object'", "type")),
    ],
)
def test_jsonschema(body, expected):
    """Errors of jsonschema keep their keyword as code and lose the value that they begin with."""

    def validate(data):
        jsonschema.validate(data, SCHEMA)

    [issue] = reading(validate, body, jsonschema.ValidationError)
    assert (issue.pointer, issue.detail, issue.code) == expected


def test_jsonschema_values_inside():
    """A value that jsonschema repeats in the middle of a text is not shown."""
    schema = {"prefixItems": [{}], "unevaluatedItems": False}
    [issue] = reading(
        lambda data: jsonschema.validate(data, schema), [1, "hunter2"], jsonschema.ValidationError
    )
    assert issue.detail == NEUTRAL


def test_jsonschema_raised_by_hand():
    """An error of the application's own is checked against the value at its path."""
    error = jsonschema.ValidationError("hunter2 is taken", path=["name"])
    with posted({"name": "hunter2"}):
        assert issues(error) == [Issue(NEUTRAL, pointer="#/name")]


# msgspec


class Thing(msgspec.Struct, forbid_unknown_fields=True):
    """A thing in a box."""

    qty: Annotated[int, msgspec.Meta(ge=1)]


class Box(msgspec.Struct):
    """What can go wrong with places."""

    items: list[Thing] = []
    prices: dict[str, Thing] = {}
    numbers: dict[int, int] = {}
    kind: Literal["a", "b"] = "a"
    dotted: str = msgspec.field(name="na.me", default="")
    spoken: str = ""

    def __post_init__(self):
        if self.spoken:
            raise ValueError(f"{self.spoken} is wrong")


@pytest.mark.parametrize(
    ("body", "pointer", "detail"),
    [
        ({"items": [{"qty": 0}]}, "#/items/0/qty", "Expected `int` >= 1"),
        ({"items": [{"qty": 1}, {}]}, "#/items/1/qty", "Object missing required field `qty`"),
        (
            {"items": [{"qty": 1, "more": 1}]},
            "#/items/0",
            "Object contains unknown field `more`",
        ),
        ({"prices": {"apple": {"qty": "x"}}}, "#/prices", "Expected `int`, got `str`"),
        ({"numbers": {"x": 1}}, "#/numbers", "Expected `int`, got `str`"),
        ({"kind": "hunter2"}, "#/kind", NEUTRAL),
        ({"na.me": 1}, "#", "Expected `str`, got `int`"),
        ([], "#", "Expected `object`, got `array`"),
        ({"spoken": "hunter2"}, "#", NEUTRAL),
    ],
)
def test_msgspec(body, pointer, detail):
    """The path that msgspec writes into its texts becomes the pointer, the texts stay."""

    def validate(data):
        msgspec.json.decode(json.dumps(data), type=Box)

    [issue] = reading(validate, body, msgspec.ValidationError)
    assert issue == Issue(detail, pointer=pointer)


def test_msgspec_convert():
    """What msgspec says of data that is parsed already is read like what it parses itself."""

    def validate(data):
        msgspec.convert(data, Box)

    [issue] = reading(validate, {"items": [{"qty": "x"}]}, msgspec.ValidationError)
    assert issue == Issue("Expected `int`, got `str`", pointer="#/items/0/qty")


# Forms


class Address(wtforms.Form):
    """A form in a form."""

    street = wtforms.StringField(validators=[wtforms.validators.Length(min=3)])


class Guest(wtforms.Form):
    """A form with forms and lists in it."""

    name = wtforms.StringField(validators=[wtforms.validators.InputRequired("Who are you?")])
    age = wtforms.IntegerField(validators=[wtforms.validators.Optional()])
    home = wtforms.FormField(Address)
    mails = wtforms.FieldList(
        wtforms.StringField(validators=[wtforms.validators.Length(max=3)]), max_entries=2
    )
    rooms = wtforms.FieldList(wtforms.FormField(Address))

    def validate_name(self, field):
        if field.data == "hunter2":
            raise wtforms.ValidationError(f"{field.data} is taken")


def filled(form_class, data, **options):
    """Return the issues of a form into which this was written."""
    app = Flask("example")
    with app.test_request_context(method="POST", data=data):
        form = form_class(request.form, **options)
        assert not form.validate()
        return [(issue.parameter, issue.detail) for issue in issues(form)]


def test_forms():
    """Each error of a form is at the field's name in HTML, those of inner forms and lists too."""
    data = {
        "age": "old",
        "home-street": "x",
        "mails-0": "a",
        "mails-1": "long",
        "rooms-0-street": "long",
        "rooms-1-street": "",
    }
    assert filled(Guest, data) == [
        ("name", "Who are you?"),
        ("age", "Not a valid integer value."),
        ("home-street", "Field must be at least 3 characters long."),
        ("mails-1", "Field cannot be longer than 3 characters."),
        ("rooms-1-street", "Field must be at least 3 characters long."),
    ]


def test_forms_prefix():
    """A form with a prefix has it in the names of its fields in HTML."""
    assert filled(Address, {"me-street": "x"}, prefix="me")[0][0] == "me-street"


def test_forms_do_not_echo():
    """A validator of a form that repeats the value is not repeated."""
    data = {"name": "hunter2", "home-street": "long"}
    assert filled(Guest, data) == [("name", NEUTRAL)]


def test_forms_as_a_whole():
    """An error of the whole form has no parameter, and one of a list the list's name."""

    class Whole(wtforms.Form):
        mails = wtforms.FieldList(
            wtforms.StringField(), validators=[wtforms.validators.Length(min=2, message="two!")]
        )

        def validate(self, extra_validators=None):
            super().validate(extra_validators)
            self.form_errors.append("nothing fits")
            return False

    assert filled(Whole, {"mails-0": "x"}) == [(None, "nothing fits"), ("mails", "two!")]


def test_flask_wtf(app):
    """A form of Flask-WTF is read like any other, and a missing CSRF token answers 400."""
    app.secret_key = "only for the test"

    class Entry(FlaskForm):
        name = wtforms.StringField(validators=[wtforms.validators.DataRequired()])

    @app.post("/")
    def sign():
        form = Entry()
        UnprocessableContent.when(
            not form.validate(), "Please check the form.", errors=issues(form)
        )
        return "signed"

    response = app.test_client().post("/", data={"name": ""})
    assert response.status_code == 422
    assert response.json["errors"] == [
        {"detail": "This field is required.", "parameter": "name"},
        {"detail": "The CSRF token is missing.", "parameter": "csrf_token"},
    ]


def test_lazy_texts_of_forms():
    """A lazy text of a form's validator is read."""

    class Lazy:
        def __str__(self):
            return "muss sein"

    class Form(wtforms.Form):
        name = wtforms.StringField(validators=[wtforms.validators.InputRequired(Lazy())])

    assert filled(Form, {}) == [("name", "muss sein")]


# The parts of a request


class Query(pydantic.BaseModel):
    """What a query has to be."""

    number: int
    tags: list[int] = []


@pytest.mark.parametrize(
    ("where", "options", "expected"),
    [
        ("query", {"query_string": "number=x"}, {"parameter": "number"}),
        ("query", {}, {"parameter": "number"}),
        ("query", {"query_string": "number=1&tags=x"}, {"parameter": "tags"}),
        ("form", {"data": {"number": "x"}}, {"parameter": "number"}),
        ("body", {"data": {"number": "x"}}, {"parameter": "number"}),
        ("headers", {"headers": {"Number": "x"}}, {"header": "number"}),
        ("headers", {}, {"header": "number"}),
        ("cookies", {"headers": {"Cookie": "number=x"}}, {"cookie": "number"}),
    ],
)
def test_where(where, options, expected):
    """The place of a mistake has the name that it has in the validated part of the request."""
    app = Flask("example")
    with app.test_request_context(method="POST", **options):
        source = {
            "query": request.args,
            "form": request.form,
            "body": request.form,
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "cookies": request.cookies,
        }[where]
        data = {**source}
        if "tags" in data:
            data["tags"] = source.getlist("tags")
        with pytest.raises(pydantic.ValidationError) as caught:
            Query.model_validate(data)
        [issue] = issues(caught.value, where)
    assert {name: getattr(issue, name) for name in expected} == expected
    assert issue.pointer is None


def test_where_without_a_step():
    """What is wrong with the query as a whole has no place."""

    class Whole(pydantic.BaseModel):
        @pydantic.model_validator(mode="after")
        def refuse(self):
            raise ValueError("nothing fits")

    with Flask("example").test_request_context(), pytest.raises(pydantic.ValidationError) as caught:
        Whole.model_validate({})
    assert issues(caught.value, "query") == [Issue("nothing fits", code="value_error")]


def test_where_there_is_not():
    """A part that a request does not have is refused at once."""
    with pytest.raises(ValueError, match="where='json' is none of body, query, form, headers"):
        UnprocessableContent.on(pydantic.ValidationError, where="json")
    with pytest.raises(ValueError, match="where='json'"):
        issues(marshmallow.ValidationError("no"), "json")


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000])
def test_bodies_that_are_no_json(data):
    """Where the body is no JSON the pointer is that of the whole body."""
    error = marshmallow.ValidationError({"qty": ["no"]})
    with Flask("example").test_request_context(data=data, method="POST"):
        found = issues_raised(error)
    assert found == [Issue("no", pointer="#")]


def test_without_a_request():
    """Outside of a request there is no body to look at."""
    assert issues(marshmallow.ValidationError({"qty": ["no"]})) == [Issue("no", pointer="#")]
    found = issues(marshmallow.ValidationError({"qty": ["no"]}), "query")
    assert found == [Issue("no", parameter="qty")]


@pytest.mark.parametrize("source", [KeyError("x"), None, object(), "no", Issue("no")])
def test_what_has_no_reader(source):
    """What is neither a validator's error nor a form is refused, and says what to do."""
    with pytest.raises(TypeError, match="neither a validator's error nor a form"):
        issues(source)


# on


def test_on_fills_errors(app, client):
    """The errors of the validator become those of the failure, in its document and page."""

    @app.post("/")
    def order():
        with UnprocessableContent.on(pydantic.ValidationError, "check the order"):
            Order.model_validate(request.get_json())

    response = client.post("/", json={"qty": 0})
    assert response.status_code == 422
    assert response.json == {
        "title": "Unprocessable Content",
        "status": 422,
        "detail": "check the order",
        "errors": [
            {
                "detail": "Input should be greater than 0",
                "pointer": "#/qty",
                "code": "greater_than",
            }
        ],
    }
    page = client.post("/", json={"qty": 0}, headers={"Accept": "text/html"}).text
    assert "Input should be greater than 0" in page


@pytest.mark.parametrize("kind", [BadRequest, UnprocessableContent])
def test_on_query(app, client, kind):
    """Both kinds that have errors fill them, from the part of the request that is named."""

    @app.get("/")
    @kind.on(pydantic.ValidationError, where="query", topic="search")
    def search():
        Query.model_validate(request.args.to_dict())
        return "found"

    response = client.get("/?number=x")
    assert response.status_code == kind.code
    assert response.json["topic"] == "search"
    assert response.json["errors"][0]["parameter"] == "number"
    assert client.get("/?number=1").text == "found"


def test_on_errors_given():
    """Errors that the developer gives, or a function makes, are not replaced."""
    error = marshmallow.ValidationError("no")
    own = [Issue("mine")]
    for conversion in (
        UnprocessableContent.on(marshmallow.ValidationError, "x", errors=own),
        UnprocessableContent.on(
            marshmallow.ValidationError, lambda _: UnprocessableContent("x", errors=own)
        ),
    ):
        with posted({}), pytest.raises(UnprocessableContent) as caught, conversion:
            raise error
        assert caught.value.errors == own


def test_on_with_a_function():
    """A failure that a function makes has the validator's errors, if it is of a kind with them."""
    error = marshmallow.ValidationError("no")
    for kind, expected in ((BadRequest, [Issue("no", pointer="#")]), (Conflict, None)):
        conversion = UnprocessableContent.on(marshmallow.ValidationError, lambda _, k=kind: k("x"))
        with posted({}), pytest.raises(kind) as caught, conversion:
            raise error
        assert caught.value.members.get("errors") == expected


def test_on_other_exceptions():
    """An exception of no validator leaves errors alone."""
    with pytest.raises(BadRequest) as caught, BadRequest.on(ValueError, "no number"):
        int("x")
    assert caught.value.members == {}
    assert caught.value.errors == ()


def test_the_same_error_elsewhere_is_the_server_s(app, client):
    """The ValidationError of data of the server's own is a 500 that tells nothing."""

    @app.post("/")
    def order():
        Order.model_validate({"qty": 0})

    response = client.post("/", json={})
    assert response.status_code == 500
    assert "errors" not in response.json
    assert "greater" not in response.text


def test_a_reader_that_fails(app, client, caplog):
    """A validator's error that cannot be read still gives the failure, and a record of it."""

    class Broken(marshmallow.ValidationError):
        @property
        def messages(self):
            raise AttributeError("changed in version 99")

        @messages.setter
        def messages(self, value):
            pass

    @app.post("/")
    @UnprocessableContent.on(marshmallow.ValidationError, "check it")
    def order():
        raise Broken("no")

    with caplog.at_level(logging.ERROR, "flask_httpstatus"):
        response = client.post("/", json={})
    assert response.status_code == 422
    assert response.json["detail"] == "check it"
    assert [record.message for record in caplog.records] == ["Reading the issues of Broken failed"]


def test_failures_with_issues_round_trip():
    """A failure with issues can be pickled and copied."""
    failure = UnprocessableContent("x", errors=[Issue("no", pointer="#/a", code="gt")])
    for twin in (pickle.loads(pickle.dumps(failure)), copy.copy(failure), copy.deepcopy(failure)):
        assert twin.errors == failure.errors


def test_decimals_are_numbers():
    """A decimal number is known again in a text, whatever its last zeros."""
    mistake = Mistake("7.10 is wrong", values=(Decimal("7.1"),))
    assert placed([mistake], "body") == [Issue(NEUTRAL, pointer="#")]


def test_no_validator_is_imported():
    """The package imports no validator, and reads none that the application has not imported."""
    program = """
        import sys
        import flask_httpstatus
        from flask_httpstatus import BadRequest
        try:
            with BadRequest.on(ValueError, "no number"):
                int("x")
        except BadRequest:
            pass
        flask_httpstatus.Failures().translate(TimeoutError, BadRequest)
        names = {"pydantic", "pydantic_core", "marshmallow", "webargs", "wtforms", "jsonschema"}
        print(sorted((names | {"msgspec", "flask_wtf"}) & {*sys.modules}))
        sys.modules["msgspec"] = None
        try:
            with BadRequest.on(ValueError, "no number"):
                int("x")
        except BadRequest as failure:
            print(failure.members)
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout == "[]\n{}\n"


def test_a_validator_that_is_gone(monkeypatch):
    """Only what the application has imported is read."""
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert("x", int)
    assert issues(caught.value)
    monkeypatch.delitem(sys.modules, "msgspec")
    with pytest.raises(TypeError, match="ValidationError is neither a validator's error nor"):
        issues(caught.value)
