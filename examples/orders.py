"""Orders: input that pydantic checks, each mistake shown at its place.

Start it with ``flask --app examples/orders run``.
"""

from typing import Annotated, Literal

from flask import request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field, ValidationError

from flask_httpstatus import BadRequest, Failures, Flask, NotFound, UnprocessableContent, http


class Line(BaseModel):
    """How much of what."""

    product: str
    quantity: int = Field(gt=0)


class Card(BaseModel):
    """Payment now."""

    kind: Literal["card"]
    number: str = Field(pattern=r"^[0-9]{12,19}$")


class Invoice(BaseModel):
    """Payment later."""

    kind: Literal["invoice"]
    address: str


class Order(BaseModel):
    """What a customer sends."""

    lines: list[Line] = Field(min_length=1)
    payment: Annotated[Card | Invoice, Field(discriminator="kind")]


class Filter(BaseModel):
    """What a query may ask for."""

    product: str
    at_least: int = Field(default=1, alias="at-least")


app = Flask(__name__)
app.register_extension(Failures())
stored: dict[int, str] = {}


@app.post("/orders")
def order() -> ResponseReturnValue:
    with UnprocessableContent.on(ValidationError, "Please check the order."):
        order = Order.model_validate(request.get_json())
    number = len(stored) + 1
    stored[number] = order.model_dump_json()
    return {"number": number}, http.CREATED


@app.get("/orders")
@BadRequest.on(ValidationError, "Please check the query.", where="query")
def search() -> ResponseReturnValue:
    wanted = Filter.model_validate(request.args.to_dict())
    return [number for number in stored if _has(wanted, load(number))]


@app.get("/orders/<int:number>")
def show(number: int) -> ResponseReturnValue:
    return load(number).model_dump(exclude={"payment"})


def load(number: int) -> Order:
    """Return an order. One that was stored wrongly is no client's mistake, and so a 500."""
    return Order.model_validate_json(NotFound.unless(stored.get(number), "There is no such order."))


def _has(wanted: Filter, order: Order) -> bool:
    return any(
        line.product == wanted.product and line.quantity >= wanted.at_least for line in order.lines
    )
