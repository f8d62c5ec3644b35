"""The shop of the examples: what it answers, and whether its document promises that."""

import importlib.util
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, Phase, given, settings

PATH = Path(__file__).resolve().parents[1] / "examples" / "problems_api.py"


def load():
    """Return the module, with a stock and an account of its own."""
    spec = importlib.util.spec_from_file_location("problems_api", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def app():
    """Return the application."""
    return load().app


ORDERS = [
    ({"item": "book", "amount": 2}, 201, None),
    ({"item": "book", "amount": 4}, 409, "/problems/out-of-stock"),
    ({"item": "book", "amount": 3}, 403, "/problems/out-of-credit"),
    ({"item": "lamp", "amount": 3}, 422, None),
    ({"item": "book", "amount": 0}, 422, None),
    ([], 422, None),
]


@pytest.mark.parametrize(("body", "status", "type_"), ORDERS)
def test_orders(client, body, status, type_):
    """What the shop answers is what its document says, and its types lead to pages."""
    answer = client.post("/orders", json=body)
    assert answer.status_code == status
    if status == 201:
        return
    assert answer.json.get("type") == type_
    document = client.get("/openapi.json").json
    response = document["paths"]["/orders"]["post"]["responses"][str(status)]
    schema = response["content"]["application/problem+json"]["schema"]
    jsonschema.validate(answer.json, {**schema, "components": document["components"]})
    if type_:
        page = client.get(type_, headers={"Accept": "text/html"})
        assert answer.json["title"] in page.text


def test_messages(client):
    """The messages are made of the members."""
    answer = client.post("/orders", json={"item": "book", "amount": 3}).json
    assert answer["detail"] == "The price is 150, but the balance is 120."
    assert (answer["balance"], answer["price"]) == (120, 150)
    assert client.post("/orders", json={"item": "book", "amount": 9}).json["retryable"] is True


def test_items(client):
    """An item is shown, and one that is not sold is not found."""
    assert client.get("/items/book").json == {"item": "book", "price": 50, "left": 3}
    assert client.get("/items/lamp").json["detail"] == "The shop does not sell this item."


def test_the_document_is_valid(client):
    """The document is valid in both versions."""
    validator = pytest.importorskip("openapi_spec_validator")
    document = client.get("/openapi.json").json
    for version in ("3.0.3", "3.1.0"):
        validator.validate({**document, "openapi": version})


@pytest.mark.parametrize("mode", ["POSITIVE", "NEGATIVE"])
def test_no_undocumented_failure(mode):
    """Whatever is asked, the shop fails only as its document declares, default set aside."""
    schemathesis = pytest.importorskip("schemathesis")
    module = load()
    document = module.app.test_client().get("/openapi.json").json
    for operations in document["paths"].values():
        for operation in operations.values():
            del operation["responses"]["default"]
    module.app.view_functions["describe"] = lambda: document
    seen = set()

    def ask(case):
        module.stock["book"] = 3
        module.account["balance"] = 120
        answer = case.call_and_validate()
        seen.add((case.operation.label, answer.status_code))

    bounded = settings(
        max_examples=80,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for found in schemathesis.openapi.from_wsgi("/openapi.json", module.app).get_all_operations():
        operation = found.ok()
        if mode == "POSITIVE" or operation.label == "POST /orders":
            cases = operation.as_strategy(schemathesis.GenerationMode[mode])
            bounded(given(cases)(ask))()
    expected = {"POSITIVE": {201, 403, 409}, "NEGATIVE": {422}}[mode]
    assert {("POST /orders", status) for status in expected} <= seen
