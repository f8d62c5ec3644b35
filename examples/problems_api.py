"""A shop with declared failures: ``flask --app examples/problems_api.py run``."""

from typing import Annotated, Any

from flask import request

from flask_httpstatus import BadRequest, Failures, Flask, Issue, NotFound, Problem, fails_with
from flask_httpstatus.kinds import Conflict, Forbidden, UnprocessableContent, UnsupportedMediaType
from flask_httpstatus.openapi import openapi
from flask_httpstatus.pages import pages

PRICES = {"book": 50, "pencil": 2}
FIELDS: dict[str, Any] = {"item": {"enum": [*PRICES]}, "amount": {"type": "integer", "minimum": 1}}
ORDER = {"type": "object", "properties": FIELDS, "required": [*FIELDS]}
stock = {"book": 3, "pencil": 1000}
account = {"balance": 120}


class OutOfStock(Problem, Conflict):
    """There are fewer of the item than you want. Order fewer, or try again next week."""

    title = "There are not enough of this item"
    message = "There are only {left} left."
    retryable = True
    left: int


class OutOfCredit(Problem, Forbidden):
    """Your balance does not cover the price. Top up the account, or choose something cheaper."""

    title = "You do not have enough credit"
    message = "The price is {price}, but the balance is {balance}."
    balance: Annotated[int, "in cents"]
    price: Annotated[int, "in cents"]


app = Flask(__name__)
app.register_extension(Failures(formats=["problem"]))
app.register_blueprint(pages, url_prefix="/problems")


@app.get("/items/<item>")
@fails_with(NotFound)
def show_item(item: str) -> dict[str, Any]:
    """Show an item."""
    price = NotFound.unless(PRICES.get(item), "The shop does not sell this item.")
    return {"item": item, "price": price, "left": stock[item]}


@app.post("/orders")
@fails_with(OutOfStock, OutOfCredit, UnprocessableContent, BadRequest, UnsupportedMediaType)
def order() -> tuple[dict[str, Any], int]:
    """Order some of an item."""
    match request.get_json():
        case {"item": "book" | "pencil" as item, "amount": int() | float() as given} if (
            given >= 1 and given % 1 == 0  # 2.0 is an integer in JSON Schema
        ):
            amount = int(given)
        case _:
            raise UnprocessableContent(errors=[Issue("write an item and an amount")])
    if amount > stock[item]:
        raise OutOfStock(left=stock[item])
    price = amount * PRICES[item]
    OutOfCredit.when(price > account["balance"], balance=account["balance"], price=price)
    stock[item] -= amount
    account["balance"] -= price
    return {"price": price}, 201


@app.get("/openapi.json")
def describe() -> dict[str, Any]:
    """Describe the shop."""
    document = openapi(app, {"info": {"title": "Shop", "version": "1"}})
    body = {"required": True, "content": {"application/json": {"schema": ORDER}}}
    document["paths"]["/orders"]["post"]["requestBody"] = body
    return document
