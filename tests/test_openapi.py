"""OpenAPI documents: what they say of each view, and whether they are any."""

import copy
from datetime import timedelta
from typing import Annotated
from uuid import UUID

import jsonschema
import pytest
from flask import Blueprint
from flask.views import MethodView

from flask_httpstatus import (
    KINDS,
    ClientFailure,
    Failure,
    Failures,
    Flask,
    Forbidden,
    Issue,
    NotFound,
    Problem,
    ServerFailure,
    ServiceUnavailable,
    UnprocessableContent,
    UpgradeRequired,
    catching_failure,
    fails_with,
)
from flask_httpstatus.openapi import openapi
from flask_httpstatus.pages import pages

openapi_spec_validator = pytest.importorskip("openapi_spec_validator")


class OutOfCredit(Problem, Forbidden):
    """Your balance does not cover the price.

    Top up the account.
    """

    title = "You do not have enough credit"
    message = "The price is {price}, but the balance is {balance}."
    balance: int | None
    price: Annotated[int, "in cents"]


class OutOfCreditToday(OutOfCredit):
    """The limit of the day is reached."""

    retry_after = timedelta(days=1)
    transaction: UUID


class Banned(Problem, Forbidden):
    """You are banned."""


class BadOrder(Problem, UnprocessableContent):
    """The order cannot be."""

    errors: list[Issue]


@fails_with(OutOfCredit, NotFound)
def buy():
    """Buy what is
    in the cart.

    With money.
    """


def responses(*kinds, rule="/buy", app=None, **settings):
    """Return the responses of a view that declares these kinds, in a valid document."""
    app = app or Flask("shop")
    app.register_extension(Failures(**settings))
    app.add_url_rule(rule, view_func=fails_with(*kinds)(lambda: None), endpoint="view")
    return validated(openapi(app))["paths"][rule]["get"]["responses"]


def validated(document):
    """Check that the document is valid in both versions, and its examples by their schemas."""
    assert document["openapi"] == "3.1.0"
    for version in ("3.0.3", "3.1.0"):
        openapi_spec_validator.validate({**document, "openapi": version})
    for operations in document["paths"].values():
        for operation in operations.values():
            for response in operation["responses"].values():
                for media in response.get("content", {}).values():
                    for example in media.get("examples", {}).values():
                        name = example["$ref"].rpartition("/")[2]
                        value = document["components"]["examples"][name]["value"]
                        schema = {**media["schema"], "components": document["components"]}
                        jsonschema.validate(value, schema)
    return document


def schema_of(response):
    """Return the schema of a response's problem document."""
    return response["content"]["application/problem+json"]["schema"]


def reference(name):
    """Return a reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_every_kind(kind):
    """A kind is a response with its phrase and the schema of failures."""
    response = responses(kind)[str(kind.code)]
    assert response["description"] == kind().name
    assert schema_of(response) == reference("Failure")


def test_problems_alone():
    """A single problem type is the schema, with its title and an example of its name."""
    response = responses(OutOfCredit)["403"]
    assert response["description"] == OutOfCredit.title
    assert schema_of(response) == reference("OutOfCredit")
    examples = response["content"]["application/problem+json"]["examples"]
    assert examples == {"OutOfCredit": {"$ref": "#/components/examples/OutOfCredit"}}


def test_problems_together():
    """Types that share a status are told apart by their type."""
    response = responses(OutOfCredit, Banned)["403"]
    assert schema_of(response) == {
        "oneOf": [reference("Banned"), reference("OutOfCredit")],
        "discriminator": {
            "propertyName": "type",
            "mapping": {
                "/problems/banned": "#/components/schemas/Banned",
                "/problems/out-of-credit": "#/components/schemas/OutOfCredit",
            },
        },
    }


def test_problems_and_their_kind():
    """A bare kind of the same status may be anything, so nothing tells them apart."""
    response = responses(OutOfCredit, Forbidden)["403"]
    assert schema_of(response) == {"anyOf": [reference("OutOfCredit"), reference("Failure")]}
    assert response["description"] == "You do not have enough credit; Forbidden"


def test_problems_below():
    """What a view declares, it declares of the types below it that the application has."""
    app = Flask("shop")
    app.config["FAILURES_PROBLEMS"] = [OutOfCreditToday, BadOrder]
    response = responses(OutOfCredit, app=app)["403"]
    assert schema_of(response)["oneOf"] == [reference("OutOfCredit"), reference("OutOfCreditToday")]
    assert response["headers"] == {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}


def test_ranges():
    """The classes of statuses are ranges, and Failure is the default."""
    found = responses(ClientFailure, ServerFailure, NotFound)
    assert found.keys() == {"2XX", "4XX", "5XX", "404", "default"}
    assert found["4XX"]["description"] == "Client Error"
    assert found["default"] == {"$ref": "#/components/responses/Failure"}
    assert "content" in responses(Failure)["default"]


def test_own_kinds_of_a_range():
    """A kind of one's own without a status has the first of its range."""
    assert "400" in responses(type("Odd", (ClientFailure,), {}))
    assert "499" in responses(type("Closed", (ClientFailure,), {}, status=499))


@pytest.mark.parametrize(
    ("kind", "name", "required"),
    [
        (KINDS[401], "WWW-Authenticate", True),
        (KINDS[405], "Allow", True),
        (KINDS[416], "Content-Range", False),
        (KINDS[429], "Retry-After", False),
        (KINDS[451], "Link", False),
        (ServiceUnavailable, "Retry-After", False),
        (UpgradeRequired, "Upgrade", False),
    ],
)
def test_headers(kind, name, required):
    """A response has the headers of its status, required where every server sends them."""
    app = Flask("shop")
    found = responses(kind, app=app)[str(kind.code)]
    assert name in found["headers"]
    assert openapi(app)["components"]["headers"][name]["required"] is required


def test_formats():
    """Programs are told of the problem document, or of what they get instead."""
    assert responses(NotFound)["404"]["content"].keys() == {"application/problem+json"}
    pages_only = responses(NotFound, formats=["html", "text"])
    assert pages_only["404"]["content"] == {
        "text/html": {"schema": {"type": "string"}},
        "text/plain": {"schema": {"type": "string"}},
    }
    assert pages_only["default"]["content"].keys() == {"text/html", "text/plain"}
    api = responses(NotFound, rule="/api/x", formats={"/": ["html"], "/api/": ["problem"]})
    assert api["404"]["content"].keys() == {"application/problem+json"}


def test_formats_of_blueprints():
    """The formats of a blueprint are those of its views."""
    app = Flask("shop")
    failures = app.register_extension(Failures())
    blueprint = Blueprint("pages", "pages")
    failures.formats(blueprint, ["html"])
    blueprint.add_url_rule("/", view_func=buy)
    inner = Blueprint("inner", "inner")
    inner.add_url_rule("/inner", view_func=buy)
    blueprint.register_blueprint(inner)
    app.register_blueprint(blueprint)
    assert openapi(app)["paths"]["/inner"] == openapi(app)["paths"]["/"]
    found = openapi(app)["paths"]["/"]["get"]["responses"]
    assert found["404"]["content"].keys() == {"text/html"}


def test_formats_of_views():
    """The formats of a view win over those of its blueprint, of a method over those of its view."""

    class Reports(MethodView):
        decorators = (catching_failure(format="text"),)

        def get(self):
            pass

        @catching_failure(format=["html", "problem"])
        def post(self):
            pass

    app = Flask("shop")
    failures = app.register_extension(Failures())
    blueprint = Blueprint("pages", "pages")
    failures.formats(blueprint, ["html"])
    blueprint.add_url_rule("/buy", view_func=catching_failure(format="text")(buy))
    twice = catching_failure(format="text")(catching_failure(format="problem")(buy))
    blueprint.add_url_rule("/twice", view_func=twice, endpoint="twice")
    blueprint.add_url_rule("/plain", view_func=catching_failure(buy), endpoint="plain")
    blueprint.add_url_rule("/reports", view_func=Reports.as_view("reports"))
    app.register_blueprint(blueprint)

    def told(path, method="get"):
        responses = validated(openapi(app))["paths"][path][method]["responses"]
        default = responses["default"]
        if "$ref" in default:
            return {"the general response"}
        return default["content"].keys()

    assert told("/buy") == told("/reports") == {"text/plain"}
    assert told("/twice") == told("/reports", "post") == {"the general response"}
    assert told("/plain") == {"text/html"}


def test_views_without_declarations():
    """A view that declares nothing may fail in any way."""
    app = Flask("shop")
    app.add_url_rule("/", view_func=lambda: None, endpoint="view")
    assert validated(openapi(app))["paths"]["/"]["get"] == {
        "responses": {
            "2XX": {"description": "Success"},
            "default": {"$ref": "#/components/responses/Failure"},
        }
    }


def test_methods_and_docstrings():
    """Each method is an operation with the docstring of its function."""

    class Carts(MethodView):
        """Carts."""

        @fails_with(NotFound)
        def get(self):
            """Show it."""

        def post(self):
            pass

    app = Flask("shop")
    app.add_url_rule("/carts", view_func=Carts.as_view("carts"))
    app.add_url_rule("/buy", view_func=buy, methods=["POST"])
    paths = validated(openapi(app))["paths"]
    assert paths.keys() == {"/carts", "/buy"}
    assert paths["/carts"].keys() == {"get", "post"}
    assert paths["/carts"]["get"]["summary"] == "Show it."
    assert "404" in paths["/carts"]["get"]["responses"]
    assert "404" not in paths["/carts"]["post"]["responses"]
    assert paths["/buy"]["post"]["summary"] == "Buy what is in the cart."
    assert paths["/buy"]["post"]["description"] == "With money."


@pytest.mark.parametrize(
    ("variable", "schema"),
    [
        ("x", {"type": "string", "minLength": 1}),
        ("string(length=2):x", {"type": "string", "minLength": 2, "maxLength": 2}),
        ("string(minlength=2, maxlength=3):x", {"type": "string", "minLength": 2, "maxLength": 3}),
        ("string(2):x", {"type": "string", "minLength": 2}),
        ("int:x", {"type": "integer", "minimum": 0}),
        ("int(min=1, max=9):x", {"type": "integer", "minimum": 1, "maximum": 9}),
        ("int(signed=True):x", {"type": "integer"}),
        ("float:x", {"type": "number"}),
        ("uuid:x", {"type": "string", "format": "uuid"}),
        ("path:x", {"type": "string"}),
        ("any(a, b):x", {"type": "string", "enum": ["a", "b"]}),
    ],
)
def test_paths(variable, schema):
    """The parts of a path are parameters, and one that does not fit is not found."""
    app = Flask("shop")
    app.add_url_rule(
        f"/a/<{variable}>/b", view_func=fails_with(Forbidden)(lambda x: x), endpoint="view"
    )
    paths = validated(openapi(app))["paths"]
    found = paths["/a/{x}/b"]["get"]
    assert found["parameters"] == [{"name": "x", "in": "path", "required": True, "schema": schema}]
    assert found["responses"].keys() == {"2XX", "403", "404", "default"}


class TestExtending:
    """A document that there is already."""

    @pytest.fixture
    def shop(self):
        """Return an application with one view."""
        app = Flask("shop")
        app.register_extension(Failures())
        app.add_url_rule("/buy", view_func=buy, methods=["GET", "POST"])
        return app

    def spec(self, **found):
        """Return a document with one operation, and a path of somebody else."""
        paths = {"/buy": {"post": {"responses": found}}, "/other": {"get": {"responses": {}}}}
        return {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": paths}

    def extended(self, shop, **found):
        """Return the responses after."""
        spec = self.spec(**found)
        before = copy.deepcopy(spec)
        document = openapi(shop, spec)
        assert spec == before
        assert document["info"] == spec["info"]
        assert document["paths"]["/other"] == spec["paths"]["/other"]
        assert document["paths"]["/buy"].keys() == {"post"}
        return document["paths"]["/buy"]["post"]["responses"]

    def test_adds(self, shop):
        """What succeeds stays, what fails is added."""
        ok = {"description": "Bought"}
        found = self.extended(shop, **{"200": ok})
        assert found.keys() == {"200", "403", "404", "default"}
        assert found["200"] == ok

    def test_keeps_descriptions(self, shop):
        """A description that is there is better than ours; the content is what is sent."""
        there = {"description": "No such cart", "content": {"application/json": {}}}
        found = self.extended(shop, **{"404": there})
        assert found["404"]["description"] == "No such cart"
        assert found["404"]["content"].keys() == {"application/problem+json"}

    def test_what_others_assume(self, shop):
        """What another tool says of a declared view's failures is replaced by what is sent."""
        wrong = {"$ref": "#/components/responses/DEFAULT_ERROR"}
        found = self.extended(shop, **{"422": wrong, "default": wrong})
        assert schema_of(found["422"]) == reference("Failure")
        assert found["422"]["description"] == "Unprocessable Content"
        assert found["default"] == {"$ref": "#/components/responses/Failure"}

    def test_views_without_declarations(self, shop):
        """Of a view that declares nothing only what says nothing is filled in."""
        shop.add_url_rule("/free", view_func=lambda: None, endpoint="free")
        own = {"description": "Mine", "content": {"application/json": {}}}
        reference = {"$ref": "#/components/responses/Mine"}
        spec = self.spec()
        spec["paths"] = {
            "/free": {
                "get": {
                    "responses": {
                        200: own,
                        404: {"description": "No"},
                        409: own,
                        410: reference,
                        "default": own,
                    }
                }
            }
        }
        found = openapi(shop, spec)["paths"]["/free"]["get"]["responses"]
        assert found["404"]["content"].keys() == {"application/problem+json"}
        assert found["409"] == found["default"] == found["200"] == own
        assert found["410"] == reference

    def test_head_of_a_document(self, shop):
        """A document without paths gets those of all views."""
        document = openapi(shop, {"info": {"title": "Shop", "version": "2"}})
        assert document["info"]["title"] == "Shop"
        assert document["paths"]["/buy"].keys() == {"get", "post"}

    def test_twice(self, shop):
        """To extend a document again changes nothing."""
        once = openapi(shop)
        assert openapi(shop, once) == once

    def test_somebody_elses_schema(self, shop):
        """A schema of the same name that says something else is refused."""
        spec = {**self.spec(), "components": {"schemas": {"OutOfCredit": {"type": "string"}}}}
        with pytest.raises(ValueError, match="#/components/schemas/OutOfCredit; rename one"):
            openapi(shop, spec)


@pytest.mark.parametrize(
    "other",
    [
        type("Other", (Problem, Forbidden), {"type": "out-of-credit"}),
        type("OutOfCredit", (Problem, Forbidden), {"type": "other"}),
    ],
)
def test_duplicates(other):
    """Two types that nobody could tell apart are refused."""
    with pytest.raises(ValueError, match="give one another type, or another name"):
        responses(OutOfCredit, other)


def test_types_lead_to_pages():
    """The types are where the pages are."""
    app = Flask("shop")
    app.register_blueprint(pages, url_prefix="/help")
    found = responses(OutOfCredit, Banned, app=app)
    assert "/help/banned" in schema_of(found["403"])["discriminator"]["mapping"]


def test_within_an_application(app):
    """The document is that of the application given, whichever is the current one."""
    other = Flask("other")
    other.register_extension(Failures(type_base="https://other.example/"))
    other.add_url_rule("/buy", view_func=buy)
    with app.app_context():
        assert openapi(other)["info"]["title"] == "other"
        schema = openapi(other)["components"]["schemas"]["OutOfCredit"]
    assert schema["properties"]["type"]["enum"] == ["https://other.example/out-of-credit"]
    with other.app_context():
        assert openapi(other)["components"]["schemas"]["OutOfCredit"] == schema


def test_without_the_extension():
    """An application without the extension has a document as well."""
    app = Flask("bare")
    app.add_url_rule("/buy", view_func=buy)
    assert validated(openapi(app))["components"]["schemas"].keys() == {"OutOfCredit", "Failure"}


def test_answers(app, client):
    """What a view sends is what the document says of it."""
    app.add_url_rule("/<name>", view_func=fails_with(OutOfCredit, Forbidden)(fail), endpoint="x")
    document = openapi(app)
    found = document["paths"]["/{name}"]["get"]["responses"]
    for name in ("credit", "bare"):
        answer = client.get(f"/{name}")
        schema = schema_of(found[str(answer.status_code)])
        jsonschema.validate(answer.json, {**schema, "components": document["components"]})


def fail(name):
    """Fail in the way that is asked for."""
    raise {
        "credit": OutOfCredit(balance=None, price=50),
        "bare": Forbidden("no", reason=7),
    }[name]
