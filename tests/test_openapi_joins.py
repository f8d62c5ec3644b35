"""The failures of each view in the documents that other packages make."""

import pytest
from flask.views import MethodView

from flask_httpstatus import (
    Conflict,
    Failure,
    Failures,
    Flask,
    NotFound,
    Problem,
    UnprocessableContent,
    fails_with,
)
from flask_httpstatus.openapi import openapi
from flask_httpstatus.readers import issues_raised

openapi_spec_validator = pytest.importorskip("openapi_spec_validator")
jsonschema = pytest.importorskip("jsonschema")


class NameTaken(Problem, Conflict):
    """Somebody else has this name."""

    message = "{name_} is taken."
    name_: str


def check(client, url, document):
    """Check that the document is valid, and that what the view answers is what it says."""
    openapi_spec_validator.validate(document)
    responses = document["paths"]["/users"]["post"]["responses"]
    for body, status in (({"name": "ada"}, 409), ({}, 422)):
        answer = client.post(url, json=body)
        assert answer.status_code == status, answer.text
        content = responses[str(status)]["content"]
        assert list(content) == [answer.mimetype] == ["application/problem+json"]
        schema = content[answer.mimetype]["schema"]
        jsonschema.validate(answer.json, {**schema, "components": document["components"]})
    assert responses["default"] == {"$ref": "#/components/responses/Failure"}
    assert responses["409"]["content"]["application/problem+json"]["schema"] == {
        "$ref": "#/components/schemas/NameTaken"
    }
    return responses


@fails_with(NameTaken, UnprocessableContent)
def make(name):
    """Make a user."""
    UnprocessableContent.when(not name, "A user has a name.")
    raise NameTaken(name_=name)


def test_apispec():
    """What apispec reads of docstrings is extended, by the function or by the plugin."""
    apispec = pytest.importorskip("apispec")
    webframeworks = pytest.importorskip("apispec_webframeworks.flask")
    from flask import request

    from flask_httpstatus.specs import FailuresPlugin

    app = Flask("users")
    app.register_extension(Failures())

    @app.post("/users")
    @fails_with(NameTaken, UnprocessableContent)
    def users():
        """Make a user.
        ---
        post:
          responses:
            201:
              description: Made
            404:
              description: No such thing
        """
        return make(request.json.get("name"))

    def spec(*plugins):
        made = apispec.APISpec(
            "Users", "1", "3.0.3", plugins=[webframeworks.FlaskPlugin(), *plugins]
        )
        with app.test_request_context():
            made.path(view=users)
            return made.to_dict()

    document = openapi(app, spec())
    responses = check(app.test_client(), "/users", document)
    assert responses["201"] == {"description": "Made"}
    assert responses["404"]["description"] == "No such thing"
    assert "application/problem+json" in responses["404"]["content"]
    assert spec(FailuresPlugin()) == document


def test_smorest():
    """flask-smorest's document has our failures, and its false ones are gone."""
    flask_smorest = pytest.importorskip("flask_smorest")
    import marshmallow

    from flask_httpstatus.specs import FailuresPlugin

    class User(marshmallow.Schema):
        name = marshmallow.fields.String(required=True)

    class Api(flask_smorest.Api):
        def handle_http_exception(self, error):
            return failures.respond(error)

    app = Flask("users")
    app.config.update(
        API_TITLE="Users", API_VERSION="1", OPENAPI_VERSION="3.0.3", OPENAPI_URL_PREFIX="/"
    )
    api = Api(app, spec_kwargs={"extra_plugins": [FailuresPlugin()]})
    app.error_handler_spec[None].clear()
    failures = app.register_extension(Failures())
    users = flask_smorest.Blueprint("users", __name__, url_prefix="/users")

    @users.route("")
    class Users(MethodView):
        @fails_with(NameTaken, UnprocessableContent)
        @users.arguments(User)
        @users.response(201, User)
        @users.alt_response(410, description="Not any more")
        def post(self, user):
            return make(user["name"])

        @users.response(200, User)
        @fails_with(NotFound)
        def get(self):
            pass

    api.register_blueprint(users)
    client = app.test_client()
    document = client.get("/openapi.json").json
    responses = check(client, "/users", document)
    assert responses["201"]["content"].keys() == {"application/json"}
    assert responses["410"]["description"] == "Not any more"
    assert document["paths"]["/users"]["get"]["responses"].keys() == {"200", "404", "default"}
    assert "DEFAULT_ERROR" not in str(document)
    assert "Error" not in document["components"]["schemas"]


def test_smorest_views_without_declarations():
    """A view that declares nothing has no false response either."""
    flask_smorest = pytest.importorskip("flask_smorest")

    from flask_httpstatus.specs import FailuresPlugin

    app = Flask("users")
    app.config.update(API_TITLE="x", API_VERSION="1", OPENAPI_VERSION="3.1.0")
    api = flask_smorest.Api(app, spec_kwargs={"extra_plugins": [FailuresPlugin()]})
    users = flask_smorest.Blueprint("users", __name__)

    @users.route("/<int:number>")
    @users.response(200)
    @users.alt_response(409, "CONFLICT")
    def show(number):
        pass

    api.register_blueprint(users)
    with app.app_context():
        document = api.spec.to_dict()
        assert api.spec.to_dict() == document
    openapi_spec_validator.validate(document)
    responses = document["paths"]["/{number}"]["get"]["responses"]
    assert responses["default"] == {"$ref": "#/components/responses/Failure"}
    assert responses["409"]["content"].keys() == {"application/problem+json"}
    assert document["components"]["responses"].keys() == {"Failure"}


def test_apiflask():
    """APIFlask's document is extended by its own hook."""
    apiflask = pytest.importorskip("apiflask")
    fields = pytest.importorskip("apiflask.fields")

    class User(apiflask.Schema):
        name = fields.String(required=True)

    app = apiflask.APIFlask("users", json_errors=False)
    failures = Failures(app)
    app.spec_processor(lambda spec: openapi(app, spec))

    @app.errorhandler(apiflask.HTTPError)
    def handle(error):
        return failures.respond(Failure(error.message, error.status_code))

    @app.post("/users")
    @app.input(User)
    @app.output(User, status_code=201)
    @fails_with(NameTaken)
    def users(json_data):
        return make(json_data["name"])

    client = app.test_client()
    responses = check(client, "/users", client.get("/openapi.json").json)
    assert responses["201"]["content"].keys() == {"application/json"}
    assert responses["422"]["description"] == "Validation error"


def test_openapi3():
    """flask-openapi3's document is extended where it is made."""
    flask_openapi3 = pytest.importorskip("flask_openapi3")
    import pydantic

    class User(pydantic.BaseModel):
        name: str

    class App(flask_openapi3.OpenAPI):
        @property
        def api_doc(self):
            return openapi(self, super().api_doc)

    def refuse(error):
        return failures.respond(UnprocessableContent(errors=issues_raised(error)))

    app = App(
        "users",
        info=flask_openapi3.Info(title="Users", version="1"),
        security_schemes={"token": {"type": "http", "scheme": "bearer"}},
        validation_error_callback=refuse,
    )
    failures = Failures(app)

    @app.post("/users", responses={201: User})
    @fails_with(NameTaken)
    def users(body: User):
        return make(body.name)

    client = app.test_client()
    responses = check(client, "/users", client.get("/openapi/openapi.json").json)
    assert responses["201"]["content"].keys() == {"application/json"}
