"""Two services that call each other: a shop, and the bank that is paid.

Start each in a terminal of its own, after ``pip install requests``::

    flask --app examples/two_services:bank run --port 5001
    flask --app examples/two_services:shop run --port 5002
    curl -X POST http://127.0.0.1:5002/orders/1/pay
"""

from typing import Any

import requests
from flask import request

from flask_httpstatus import (
    BadGateway,
    Conflict,
    Failures,
    Flask,
    Forbidden,
    NotFound,
    Problem,
    UnprocessableContent,
    fails_with,
)
from flask_httpstatus.client import raise_for_failure

PRICES = {1: 50, 2: 20}


class OutOfCredit(Problem, Forbidden):
    """The balance does not cover the price."""

    type = "https://bank.example/problems/out-of-credit"
    message = "You have {balance}."
    balance: int


def bank() -> Flask:
    """Return the bank, which asks the shop what an order costs."""
    app = Flask("bank")
    app.config["SHOP"] = "http://127.0.0.1:5002"
    failures = app.register_extension(Failures())
    failures.translate(requests.RequestException, BadGateway)
    account = {"balance": 30}

    @app.post("/charges")
    @fails_with(OutOfCredit, UnprocessableContent, BadGateway)
    def charge() -> dict[str, int]:
        order = f"{app.config['SHOP']}/orders/{int(request.get_json()['order'])}"
        with UnprocessableContent.on(NotFound, "There is no such order."):
            price = raise_for_failure(requests.get(order, timeout=5)).json()["price"]
        if price > account["balance"]:
            raise OutOfCredit(balance=account["balance"])
        account["balance"] -= price
        return account

    return app


def shop() -> Flask:
    """Return the shop, which has the bank charge the price."""
    app = Flask("shop")
    app.config["BANK"] = "http://127.0.0.1:5001"
    failures = app.register_extension(Failures())
    failures.translate(requests.RequestException, BadGateway)

    @app.get("/orders/<int:order>")
    def show(order: int) -> dict[str, int]:
        return {"order": order, "price": NotFound.unless(PRICES.get(order), "no such order")}

    @app.post("/orders/<int:order>/pay")
    @fails_with(Conflict, BadGateway)
    def pay(order: int) -> Any:
        charges = f"{app.config['BANK']}/charges"
        with Conflict.on(OutOfCredit, lambda failure: Conflict(f"Your bank: {failure.message}")):
            answer = requests.post(charges, json={"order": order}, timeout=5)
            return raise_for_failure(answer).json()

    return app
