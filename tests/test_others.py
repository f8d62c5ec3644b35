"""Tests of what the README says of other packages: each cell of its table, with the real ones."""

import logging
from datetime import timedelta
from pathlib import Path

import flask
import pytest
from test_documentation import table
from werkzeug.datastructures import WWWAuthenticate

import flask_httpstatus
from flask_httpstatus import Conflict, Failures, fails_with
from flask_httpstatus.openapi import openapi

README = Path(__file__).parent.parent / "README.md"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


# The packages, each set up as its quick start does it. GET /pets answers with the view that is
# given, POST takes a pet, which has a name, and DELETE is declared to fail with 409.


class PlainFlask:
    """Flask alone, and what the others have of it."""

    abort = staticmethod(flask.abort)
    redirect = staticmethod(flask.redirect)

    def app(self, view):
        """Return an application."""
        app = flask.Flask("example")
        app.get("/pets")(view)

        @app.post("/pets")
        def add():
            return flask.request.get_json()

        @app.delete("/pets")
        def delete():
            self.abort(409)

        return app

    def document(self, app):
        """Return the OpenAPI document of the application."""
        return {"paths": {}}


class Smorest(PlainFlask):
    """flask-smorest: a blueprint and schemas of marshmallow."""

    def __init__(self):
        self.package = pytest.importorskip("flask_smorest")
        self.abort = self.package.abort

    def app(self, view):
        """Return an application."""
        pets = self.package.Blueprint("pets", __name__)
        pets.get("/pets")(view)

        @pets.post("/pets")
        @pets.arguments(pet_schema())
        @pets.response(200)
        def add(pet):
            return pet

        @pets.delete("/pets")
        @pets.alt_response(409, description="This pet stays.")
        def delete():
            self.abort(409)

        app = flask.Flask("example")
        app.config.update(API_TITLE="Pets", API_VERSION="v1", OPENAPI_VERSION="3.0.2")
        self.api = self.package.Api(app)
        self.api.register_blueprint(pets)
        return app

    def document(self, app):
        """Return the OpenAPI document of the application."""
        with app.app_context():
            return self.api.spec.to_dict()


class Apiflask(PlainFlask):
    """APIFlask: a Flask of its own and schemas of marshmallow."""

    def __init__(self):
        self.package = pytest.importorskip("apiflask")
        self.abort = self.package.abort

    def app(self, view):
        """Return an application."""
        app = self.package.APIFlask("example")
        app.get("/pets")(view)

        @app.post("/pets")
        @app.input(pet_schema())
        def add(json_data):
            return json_data

        @app.delete("/pets")
        @app.doc(responses=[409])
        def delete():
            self.abort(409)

        return app

    def document(self, app):
        """Return the OpenAPI document of the application."""
        return app.test_client().get("/openapi.json").json


class Restx(PlainFlask):
    """Flask-RESTX: resources and models."""

    def __init__(self):
        self.package = pytest.importorskip("flask_restx")
        self.abort = self.package.abort

    def app(self, view):
        """Return an application."""
        app = flask.Flask("example")
        api = self.package.Api(app)
        pet = api.model("Pet", {"name": self.package.fields.String(required=True)})

        @api.route("/pets")
        class Pets(self.package.Resource):
            def get(self):
                return view()

            @api.expect(pet, validate=True)
            def post(self):
                return api.payload

            @api.response(409, "This pet stays.")
            def delete(self):
                api.abort(409)

        return app

    def document(self, app):
        """Return the OpenAPI document of the application."""
        return app.test_client().get("/swagger.json").json


class ProblemDetails(PlainFlask):
    """flask-problem-details, with flask-openapi3 and without the tracebacks of its quick start."""

    def __init__(self):
        self.package = pytest.importorskip("flask_problem_details")
        self.below = pytest.importorskip("flask_openapi3")

    def app(self, view):
        """Return an application."""
        pydantic = pytest.importorskip("pydantic")

        class Pet(pydantic.BaseModel):
            name: str

        def add(body):
            return body.model_dump()

        add.__annotations__["body"] = Pet
        app = self.package.configure_app(lambda given: self.below.OpenAPI("example", **given))
        app.get("/pets")(view)
        app.post("/pets")(add)

        @app.delete("/pets", responses={409: self.package.ProblemDetails})
        def delete():
            self.abort(409)

        return app

    def document(self, app):
        """Return the OpenAPI document of the application."""
        return app.test_client().get("/openapi/openapi.json").json


class Ours(PlainFlask):
    """Flask-HTTPStatus, with nothing else."""

    redirect = staticmethod(flask_httpstatus.redirect)

    def app(self, view):
        """Return an application."""
        app = flask_httpstatus.Flask("example")
        app.register_extension(Failures())
        app.get("/pets")(view)

        @app.post("/pets")
        def add():
            return flask.request.get_json()

        @app.delete("/pets")
        @fails_with(Conflict)
        def delete():
            raise Conflict("this pet stays")

        return app

    def document(self, app):
        """Return the OpenAPI document of the application."""
        return openapi(app)


PACKAGES = {
    "plain Flask": PlainFlask,
    "flask-smorest": Smorest,
    "APIFlask": Apiflask,
    "Flask-RESTX": Restx,
    "flask-problem-details": ProblemDetails,
    "Flask-HTTPStatus": Ours,
}


def pet_schema():
    """Return a schema of marshmallow."""
    marshmallow = pytest.importorskip("marshmallow")
    name = marshmallow.fields.String(required=True)
    return marshmallow.Schema.from_dict({"name": name}, name="Pet")


# The rows, each with what has to be true for a yes


def no_such_pet():
    """Fail as a view of plain Flask does."""
    flask.abort(404, "no such pet")


def asked(package, view, **headers):
    """Return the answer to ``GET /pets``."""
    return package.app(view).test_client().get("/pets", headers=headers)


def keeps_headers(package):
    """Tell whether 405 and 401 have the header that HTTP demands of each."""
    challenge = WWWAuthenticate("bearer", {"realm": "pets"})
    not_allowed = package.app(no_such_pet).test_client().put("/pets")
    unauthorized = asked(package, lambda: flask.abort(401, www_authenticate=challenge))
    assert (not_allowed.status_code, unauthorized.status_code) == (405, 401)
    return {"DELETE", "GET", "HEAD", "POST"} <= {*not_allowed.allow} and unauthorized.headers.get(
        "WWW-Authenticate"
    ) == "Bearer realm=pets"


def takes_timedelta(package):
    """Tell whether clients get seconds, as RFC 9110, Section 10.2.3 wants them."""
    answer = asked(package, lambda: flask.abort(429, retry_after=timedelta(seconds=30)))
    assert answer.status_code == 429
    return answer.headers.get("Retry-After") == "30"


def keeps_message(package):
    """Tell whether the client is told."""
    answer = asked(package, no_such_pet)
    assert answer.status_code == 404
    return "no such pet" in answer.text


def aborts_with_402(package):
    """Tell whether the package's abort() knows 402."""
    return asked(package, lambda: package.abort(402)).status_code == 402


def logs_bugs_and_hides_them(package):
    """Tell whether what nobody caught is in the log, with its traceback, and only there."""
    records = []

    class Handler(logging.Handler):
        emit = staticmethod(records.append)

    def view():
        raise RuntimeError("hunter2")

    handler = Handler()
    logging.getLogger("example").addHandler(handler)
    try:
        answer = asked(package, view)
    finally:
        logging.getLogger("example").removeHandler(handler)
    assert answer.status_code == 500
    logged = any(record.exc_info and "hunter2" in str(record.exc_info[1]) for record in records)
    return logged and "hunter2" not in answer.text


def negotiates(package):
    """Tell whether browser and program each get the message in their own format."""
    page = asked(package, no_such_pet, Accept=BROWSER)
    document = asked(package, no_such_pet, Accept="application/json")
    assert page.status_code == document.status_code == 404
    return (
        page.mimetype == "text/html"
        and document.is_json
        and all("no such pet" in one.text and "Accept" in one.vary for one in (page, document))
    )


def sends_problem_documents(package):
    """Tell whether programs get what RFC 9457 describes."""
    answer = asked(package, no_such_pet, Accept="application/json")
    return answer.mimetype == "application/problem+json" and answer.json["status"] == 404


def refuses_redirects(package):
    """Tell whether a link cannot make redirect() lead to another site."""
    return asked(package, lambda: package.redirect("https://evil.example/")).location is None


def describes_failures(package):
    """Tell whether the 409 that is declared is in the document."""
    paths = package.document(package.app(no_such_pet))["paths"]
    return "409" in paths.get("/pets", {}).get("delete", {}).get("responses", {})


def parses_requests(package):
    """Tell whether a pet without a name is refused before the view is called."""
    client = package.app(no_such_pet).test_client()
    assert client.post("/pets", json={"name": "Rex"}).json == {"name": "Rex"}
    return client.post("/pets", json={}).status_code in {400, 422}


CHECKS = {
    "Allow on 405 and WWW-Authenticate on 401": keeps_headers,
    "Retry-After from a timedelta": takes_timedelta,
    'flask.abort(404, "no such pet") tells the client so': keeps_message,
    "abort(402) is answered with 402": aborts_with_402,
    "a bug is logged, and none of its text sent": logs_bugs_and_hides_them,
    "a page for browsers, a document for programs, Vary: Accept": negotiates,
    "problem documents (RFC 9457)": sends_problem_documents,
    "redirect() to another site is refused": refuses_redirects,
    "how views fail, in OpenAPI": describes_failures,
    "requests parsed and validated": parses_requests,
}
COLUMNS = ("set up as its quick start does, [checked](tests/test_others.py)", *PACKAGES)
ROWS = table(README, *COLUMNS)
CELLS = [
    (row, package, cell)
    for row, *cells in ROWS
    for package, cell in zip(PACKAGES, cells, strict=True)
]


def test_table():
    """Each row and each column of the README's table has a check, and each check its row."""
    assert [row for row, *_ in ROWS] == [*CHECKS]


@pytest.mark.parametrize(("row", "package", "cell"), CELLS)
def test_cell(row, package, cell):
    """A cell says what a small application with that package does."""
    assert cell == ("yes" if CHECKS[row](PACKAGES[package]()) else "no")
