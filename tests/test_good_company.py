"""Tests of other people's extensions in the same application, each with the real package."""

import re
from pathlib import Path

import flask
import pytest
from flask import session

from flask_httpstatus import (
    Conflict,
    Failures,
    FailureWarning,
    MissingHeader,
    NotFound,
    ServiceUnavailable,
    catching_failure,
)

PAGE = Path(__file__).parent.parent / "docs" / "good-company.md"
#: The packages that the page's chapters need.
NEEDED = {
    "Flask-Login": ["flask_login"],
    "Flask-Caching": ["flask_caching"],
    "flask-smorest": ["flask_smorest"],
    "APIFlask": ["apiflask"],
    "Flask-RESTX": ["flask_restx"],
    "Sentry": [],
}


def make_app(**config):
    """Return an application with the extension."""
    app = flask.Flask("example")
    app.config.from_mapping(SECRET_KEY="not told", **config)
    Failures(app)
    return app


def chapters():
    """Return the chapters of the page, each with its code."""
    for chapter in PAGE.read_text("utf-8").split("\n## ")[1:]:
        title = chapter.partition("\n")[0]
        blocks = re.findall(r"^```python\n(.*?)^```", chapter, re.DOTALL | re.MULTILINE)
        yield title, "\n".join(blocks)


@pytest.mark.parametrize(("title", "code"), [*chapters()])
def test_page(title, code):
    """What the documentation tells to do works."""
    for package in NEEDED[title]:
        pytest.importorskip(package)

    exec(compile(code, f"{PAGE.name}: {title}", "exec"), {"__name__": "example"})


# flask-cors


@pytest.fixture
def cors():
    """Return a client of an application that one other origin may read."""
    flask_cors = pytest.importorskip("flask_cors")
    app = make_app()
    flask_cors.CORS(app, origins=["https://a.example", "https://b.example"], expose_headers="ETag")

    @app.get("/failure")
    def failure():
        raise NotFound("no such user", headers={"ETag": '"1"'})

    @app.get("/bug")
    def bug():
        raise RuntimeError("hunter2")

    @app.get("/session")
    def session_():
        session["seen"] = True
        raise Conflict("name is taken")

    return app.test_client()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/failure", 404),
        ("HEAD", "/failure", 404),
        ("GET", "/bug", 500),
        ("GET", "/none", 404),
        ("POST", "/failure", 405),
        ("GET", "/session", 409),
    ],
)
def test_cors(cors, method, path, status):
    """Every answer lets the other origin read it, and says all that it depends on."""
    response = cors.open(path, method=method, headers={"Origin": "https://a.example"})

    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "https://a.example"
    assert response.headers["Access-Control-Expose-Headers"] == "ETag"
    assert len(response.headers.getlist("Vary")) == 1
    assert {"Accept", "Origin"} <= {*response.vary}
    assert ("Cookie" in response.vary) == (path == "/session")


def test_cors_preflight(cors):
    """A preflight request is answered by flask-cors, and not by us."""
    response = cors.options(
        "/failure",
        headers={"Origin": "https://a.example", "Access-Control-Request-Method": "GET"},
    )

    assert response.status_code == 200
    assert "GET" in response.headers["Access-Control-Allow-Methods"]


# Flask-Caching


def test_caching():
    """A failure that is kept is answered in every client's own format."""
    flask_caching = pytest.importorskip("flask_caching")
    app = make_app()
    cache = flask_caching.Cache(app, config={"CACHE_TYPE": "SimpleCache"})

    @app.get("/")
    @cache.cached()
    def view():
        raise NotFound("no report", headers={"ETag": '"1"'}, day="Monday")

    client = app.test_client()
    for accept in ("application/json", "application/json", "text/plain"):
        response = client.get("/", headers={"Accept": accept})
        assert response.status == "404 Not Found"
        assert response.mimetype.endswith(accept.rpartition("/")[2])
        assert response.headers["ETag"] == '"1"'
        assert "Monday" in response.text


def test_memoizing():
    """A function that raises is not memoized, for it returns nothing."""
    flask_caching = pytest.importorskip("flask_caching")
    app = make_app()
    cache = flask_caching.Cache(app, config={"CACHE_TYPE": "SimpleCache"})
    calls = []

    @cache.memoize()
    def load(key):
        calls.append(key)
        raise NotFound(f"no {key}")

    app.add_url_rule("/<key>", view_func=load, endpoint="load")

    bodies = [app.test_client().get(f"/{key}").json["detail"] for key in "aab"]

    assert bodies == ["no a", "no a", "no b"]


# Flask-Limiter


@pytest.fixture
def limited():
    """Return a client of an application that allows one request a minute."""
    flask_limiter = pytest.importorskip("flask_limiter")
    app = make_app()
    limiter = flask_limiter.Limiter(
        lambda: "everybody", app=app, headers_enabled=True, storage_uri="memory://"
    )

    @app.get("/")
    @limiter.limit("1/minute")
    def view():
        return "home"

    @app.get("/own")
    @limiter.limit("1/minute", error_message="slow down")
    def own():
        return "home"

    @app.get("/caught")
    @catching_failure(format="text")
    @limiter.limit("1/minute")
    def caught():
        return "home"

    return app.test_client()


@pytest.mark.parametrize(("path", "detail"), [("/", "1 per 1 minute"), ("/own", "slow down")])
def test_limiter(limited, path, detail):
    """A limit is answered as a 429 with the limiter's headers, once each."""
    assert limited.get(path).status_code == 200

    response = limited.get(path)

    assert response.status == "429 Too Many Requests"
    assert response.json == {"title": "Too Many Requests", "status": 429, "detail": detail}
    assert response.headers.getlist("X-RateLimit-Limit") == ["1"]
    (retry_after,) = response.headers.getlist("Retry-After")
    assert 0 <= int(retry_after) <= 60


def test_limiter_of_a_decorated_view(limited):
    """A decorated view answers what the limiter below it raises."""
    limited.get("/caught")

    response = limited.get("/caught")

    assert (response.status_code, response.mimetype) == (429, "text/plain")


# Flask-Login


@pytest.fixture
def login_manager(app):
    """Return the manager of an application in which nobody is logged in."""
    flask_login = pytest.importorskip("flask_login")
    app.secret_key = "not told"
    manager = flask_login.LoginManager(app)
    manager.user_loader(lambda _: None)
    app.add_url_rule("/", "home", flask_login.login_required(lambda: "home"))
    app.add_url_rule("/login", "login", lambda: "login")
    return manager


def test_login(app, client, login_manager):
    """Without a challenge Flask-Login's 401 is answered, and the developer is warned."""
    with pytest.warns(MissingHeader, match="FAILURES_CHALLENGE"):
        response = client.get("/")

    assert response.json == {"title": "Unauthorized", "status": 401}
    assert "Cookie" in response.vary


def test_login_view(client, login_manager):
    """Flask-Login's redirect to the login page stays one."""
    login_manager.login_view = "login"

    response = client.get("/")

    assert (response.status_code, response.location) == (302, "/login?next=%2F")


# Flask-WTF


@pytest.mark.parametrize(
    ("token", "detail"),
    [(None, "The CSRF token is missing."), ("forged", "The CSRF session token is missing.")],
)
def test_csrf(app, client, token, detail):
    """A form without the right token is a 400 that says so, and a handler may have it."""
    flask_wtf = pytest.importorskip("flask_wtf")
    app.secret_key = "not told"
    flask_wtf.CSRFProtect(app)
    app.add_url_rule("/", "form", lambda: "sent", methods=["POST"])

    response = client.post("/", data={} if token is None else {"csrf_token": token})

    assert response.status == "400 Bad Request"
    assert response.json["detail"] == detail


def test_csrf_handler(app, client):
    """A handler for Flask-WTF's class wins."""
    flask_wtf = pytest.importorskip("flask_wtf")
    app.secret_key = "not told"
    flask_wtf.CSRFProtect(app)
    app.register_error_handler(flask_wtf.csrf.CSRFError, lambda error: (error.description, 400))
    app.add_url_rule("/", "form", lambda: "sent", methods=["POST"])

    assert client.post("/").text == "The CSRF token is missing."


# Flask-SQLAlchemy


def test_sqlalchemy():
    """get_or_404() and its kin raise our 404, with the description that they are given."""
    flask_sqlalchemy = pytest.importorskip("flask_sqlalchemy")
    sqlalchemy = pytest.importorskip("sqlalchemy")
    app = make_app(SQLALCHEMY_DATABASE_URI="sqlite://")
    db = flask_sqlalchemy.SQLAlchemy(app)

    class User(db.Model):
        id = sqlalchemy.Column(sqlalchemy.Integer, primary_key=True)

    app.add_url_rule("/get", "get", lambda: db.get_or_404(User, 7, description="no such user"))
    app.add_url_rule("/first", "first", lambda: db.first_or_404(db.select(User)))

    client = app.test_client()
    with app.app_context():
        db.create_all()
        assert client.get("/get").json["detail"] == "no such user"
        assert client.get("/first").json == {"title": "Not Found", "status": 404}
        db.session.remove()
        db.engine.dispose()


# Extensions that answer themselves


def test_smorest_left_alone():
    """flask-smorest's handler, registered later, answers everything as it does without us."""
    flask_smorest = pytest.importorskip("flask_smorest")
    app = make_app(API_TITLE="Pets", API_VERSION="1", OPENAPI_VERSION="3.0.3")
    flask_smorest.Api(app)

    assert app.test_client().get("/none").json == {"code": 404, "status": "Not Found"}


def test_smorest_replaced():
    """flask-smorest's handler, registered earlier, is replaced with a warning that names it."""
    flask_smorest = pytest.importorskip("flask_smorest")
    app = flask.Flask("example")
    app.config.update(API_TITLE="Pets", API_VERSION="1", OPENAPI_VERSION="3.0.3")
    flask_smorest.Api(app)

    with pytest.warns(FailureWarning, match="handle_http_exception"):
        Failures(app)

    assert app.test_client().get("/none").json == {"title": "Not Found", "status": 404}


def test_apiflask_replaced():
    """APIFlask's handler for HTTPException is replaced with a warning; its own error stays."""
    apiflask = pytest.importorskip("apiflask")
    app = apiflask.APIFlask("example")

    with pytest.warns(FailureWarning, match="handle_werkzeug_errors"):
        Failures(app)

    @app.get("/own")
    def own():
        apiflask.abort(409, "name is taken")

    client = app.test_client()
    assert client.get("/none").json == {"title": "Not Found", "status": 404}
    assert client.get("/own").json == {"detail": {}, "message": "name is taken"}


def test_restx_left_alone():
    """Flask-RESTX answers what its resources raise, with status and headers of the failure."""
    flask_restx = pytest.importorskip("flask_restx")
    app = make_app()

    @flask_restx.Api(app).route("/users")
    class Users(flask_restx.Resource):
        def get(self):
            raise Conflict("name is taken", headers={"ETag": '"1"'})

    client = app.test_client()
    response = client.get("/users")
    assert (response.status_code, response.json) == (409, {"message": "name is taken"})
    assert response.headers["ETag"] == '"1"'
    assert client.get("/none").json == {"title": "Not Found", "status": 404}


def test_restx_joined():
    """Where errors are passed on, a bug in a resource is a 500 of ours, signalled once."""
    flask_restx = pytest.importorskip("flask_restx")
    app = make_app()

    class Api(flask_restx.Api):
        def handle_error(self, error):
            raise error

    @Api(app).route("/users")
    class Users(flask_restx.Resource):
        def get(self):
            raise RuntimeError("hunter2")

    seen = []
    with flask.got_request_exception.connected_to(lambda _, **facts: seen.append(facts), app):
        response = app.test_client().get("/users")

    assert response.json["title"] == "Internal Server Error"
    assert "hunter2" not in response.text
    assert len(seen) == 1


# Sentry


@pytest.fixture
def events():
    """Return the events that Sentry would be sent."""
    sentry_sdk = pytest.importorskip("sentry_sdk")
    events = []

    class Transport(sentry_sdk.transport.Transport):
        def capture_envelope(self, envelope):
            events.extend(event for item in envelope.items if (event := item.get_event()))

    with sentry_sdk.isolation_scope():
        client = sentry_sdk.init("http://key@127.0.0.1:9/1", transport=Transport())
        try:
            yield events
        finally:
            sentry_sdk.get_client().close()
            sentry_sdk.get_global_scope().set_client(None)
            del client


def raising(extended, path):
    """Ask an application with or without the extension for what fails."""
    app = flask.Flask("example")
    if extended:
        Failures(app)

    @app.get("/bug")
    def bug():
        raise RuntimeError("a bug")

    @app.get("/caused")
    def caused():
        raise RuntimeError("a bug") from KeyError("ada")

    @app.get("/404")
    def failure():
        flask.abort(404)

    return app.test_client().get(path)


def said(events):
    """Return what the events say, but for what is of the moment."""
    return [
        [
            (
                value["type"],
                value["value"],
                value["mechanism"]["type"],
                value["mechanism"]["handled"],
            )
            for value in event["exception"]["values"]
        ]
        for event in events
    ]


@pytest.mark.parametrize("path", ["/bug", "/caused", "/404", "/none"])
def test_sentry(events, path):
    """Sentry is told of bugs, once, and of nothing else, as without us."""
    seen = []
    for extended in (False, True):
        events.clear()
        raising(extended, path)
        seen.append(said(events))

    assert seen[0] == seen[1]
    assert len(seen[1]) == (path in {"/bug", "/caused"})


def test_sentry_reads_the_log(events):
    """Sentry's logging integration takes the record of a 5xx that is raised for an event."""
    app = make_app()

    @app.get("/")
    def view():
        raise ServiceUnavailable("back at noon")

    app.test_client().get("/")

    assert [one["mechanism"]["type"] for one in events[0]["exception"]["values"]] == ["logging"]
