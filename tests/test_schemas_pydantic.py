"""Models of pydantic as members, where it is installed."""

import dataclasses
from datetime import date
from decimal import Decimal

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_httpstatus.members import jsonable
from flask_httpstatus.schemas import Schemas

pydantic = pytest.importorskip("pydantic")


class Line(pydantic.BaseModel):
    """A part."""

    amount: Decimal
    due: date | None = None


class Order(pydantic.BaseModel):
    """A whole."""

    number: int = pydantic.Field(serialization_alias="no")
    lines: list[Line] = pydantic.Field(default_factory=list)


class Tree(pydantic.BaseModel):
    """A model that contains itself."""

    children: list["Tree"] = pydantic.Field(default_factory=list)


def validate(value, schemas, reference):
    """Validate against a schema that is one."""
    schema = {**reference, "$defs": schemas.definitions}
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(value, schema, jsonschema.Draft202012Validator)


@settings(deadline=None, max_examples=25)
@given(st.integers(), st.lists(st.decimals(-(10**9), 10**9, places=2), max_size=3))
def test_models(number, amounts):
    """A model is sent as what its schema says."""
    order = Order(number=number, lines=[Line(amount=one) for one in amounts])
    schemas = Schemas("#/$defs/")
    validate(jsonable([order]), schemas, schemas.of(list[Order]))
    assert schemas.definitions.keys() == {"Order", "Line"}
    assert jsonable(order)["no"] == number


def test_recursive_models():
    """A model may contain itself."""
    schemas = Schemas("#/$defs/")
    reference = schemas.of(Tree)
    validate(jsonable(Tree(children=[Tree()])), schemas, reference)
    with pytest.raises(jsonschema.ValidationError):
        validate({"children": [{"children": 7}]}, schemas, reference)


def test_models_of_one_name():
    """A model and another type of one name are refused."""
    schemas = Schemas("#/$defs/")
    schemas.of(dataclasses.make_dataclass("Line", [("x", int)]))
    with pytest.raises(ValueError, match="two types are called Line"):
        schemas.of(Order)
