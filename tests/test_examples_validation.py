"""The examples that validate input: orders by pydantic, a guestbook by Flask-WTF."""

import re
from pathlib import Path

import pytest
from flask.cli import ScriptInfo

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
CARD = {"kind": "card", "number": "4111111111111111"}
ORDER = {"lines": [{"product": "tea", "quantity": 2}], "payment": CARD}


@pytest.fixture
def orders():
    """Return a client of the orders."""
    app = ScriptInfo(f"{EXAMPLES / 'orders'}").load_app()
    app.view_functions["order"].__globals__["stored"].clear()
    return app.test_client()


def test_order(orders):
    """An order that is right is stored and found again."""
    assert orders.post("/orders", json=ORDER).json == {"number": 1}
    assert orders.get("/orders/1").json == {"lines": ORDER["lines"]}
    assert orders.get("/orders?product=tea").json == [1]
    assert orders.get("/orders?product=tea&at-least=3").json == []
    assert orders.get("/orders/2").json["detail"] == "There is no such order."


def test_wrong_order(orders):
    """Each mistake in an order is shown at its place, without what was sent there."""
    body = {
        "lines": [{"product": "tea", "quantity": 0}, {"quantity": "many"}],
        "payment": {"kind": "card", "number": "4111-1111"},
    }
    response = orders.post("/orders", json=body)
    assert response.status_code == 422
    assert response.json["detail"] == "Please check the order."
    assert [(error["pointer"], error["code"]) for error in response.json["errors"]] == [
        ("#/lines/0/quantity", "greater_than"),
        ("#/lines/1/product", "missing"),
        ("#/lines/1/quantity", "int_parsing"),
        ("#/payment/number", "string_pattern_mismatch"),
    ]
    assert "4111" not in response.text
    assert "many" not in response.text


def test_wrong_query(orders):
    """A mistake in the query is a 400 with the name of the parameter."""
    response = orders.get("/orders?product=tea&at-least=x")
    assert response.status_code == 400
    assert [error["parameter"] for error in response.json["errors"]] == ["at-least"]


def test_wrong_store(orders):
    """An order that was stored wrongly is no mistake of the client's: a 500 without it."""
    orders.post("/orders", json=ORDER)
    orders.application.view_functions["order"].__globals__["stored"][1] = '{"lines": "secret"}'
    response = orders.get("/orders/1")
    assert response.status_code == 500
    assert "errors" not in response.json
    assert "secret" not in response.text


@pytest.fixture
def guestbook():
    """Return a client of the guestbook."""
    return ScriptInfo(f"{EXAMPLES / 'guestbook_wtf'}:create_app").load_app().test_client()


def token(client):
    """Return the CSRF token of the form, as a browser would send it."""
    page = client.get("/").text
    return re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', page)[1]


def test_sign(guestbook):
    """A form that is right is stored, and the browser sent on to the page."""
    data = {"name": "Ada", "text": "<b>Hello</b>", "csrf_token": token(guestbook)}
    response = guestbook.post("/", data=data)
    assert (response.status_code, response.location) == (303, "/")
    page = guestbook.get("/").text
    assert "<h2>Ada</h2>" in page
    assert "&lt;b&gt;Hello&lt;/b&gt;" in page


def test_wrong_form_of_a_person(guestbook):
    """A person gets the form back, filled in, with each mistake beside its field."""
    data = {"name": "", "text": "Hello", "csrf_token": token(guestbook)}
    response = guestbook.post("/", data=data, headers={"Accept": "text/html"})
    assert response.status_code == 422
    assert '<span id="name-errors">Please tell us your name.</span>' in response.text
    assert 'aria-describedby="name-errors"' in response.text
    assert ">\r\nHello</textarea>" in response.text


def test_wrong_form_of_a_program(guestbook):
    """A program gets the same mistakes as errors, by the names of the fields."""
    data = {"text": "x", "name": "n" * 41, "csrf_token": token(guestbook)}
    response = guestbook.post("/", data=data, headers={"Accept": "application/json"})
    assert response.status_code == 422
    assert response.json["errors"] == [
        {"detail": "Field cannot be longer than 40 characters.", "parameter": "name"}
    ]


def test_form_without_token(guestbook):
    """A form from elsewhere is a 400 that says why, in the format that the client wants."""
    for accept, mimetype in [
        ("text/html", "text/html"),
        ("application/json", "application/problem+json"),
    ]:
        response = guestbook.post("/", data={"name": "x"}, headers={"Accept": accept})
        assert (response.status_code, response.mimetype) == (400, mimetype)
        assert "The CSRF token is missing." in response.text
