"""Tests of register_extension, with other people's extensions."""

import flask
import pytest

import flask_httpstatus
from flask_httpstatus import ExtensionHost, Failures, NotFound, register_extension


class Counter:
    """An extension as Flask's documentation describes it."""

    def __init__(self):
        self.apps = []

    def init_app(self, app):
        """Count."""
        self.apps.append(app)


class Host(ExtensionHost, flask.Flask):
    """An application's own class."""


@pytest.mark.parametrize("kind", [flask_httpstatus.Flask, Host])
def test_method(kind):
    """An application's own method initialises the extension and returns it."""
    app = kind("example")
    extension = Counter()

    assert app.register_extension(extension) is extension
    assert extension.apps == [app]


def test_function():
    """The function does the same for a plain Flask."""
    app = flask.Flask("example")
    extension = Counter()

    assert register_extension(app, extension) is extension
    assert extension.apps == [app]


def test_flask_is_flask():
    """Flask is Flask's Flask, with the method and nothing else."""
    app = flask_httpstatus.Flask("example", static_folder=None)

    assert isinstance(app, flask.Flask)
    assert {*vars(flask_httpstatus.Flask)} - {"__module__", "__doc__"} <= {
        "__firstlineno__",
        "__static_attributes__",
    }


@pytest.mark.parametrize(
    "register", [register_extension, flask_httpstatus.Flask.register_extension]
)
def test_second_of_a_class(register):
    """A second extension of a class is refused, with what to do if it is meant."""
    app = flask_httpstatus.Flask("example")
    register(app, Counter())
    second = Counter()

    with pytest.raises(RuntimeError, match=r"example has a Counter already; .*init_app\(app\)"):
        register(app, second)

    assert second.apps == []


def test_other_applications_do_not_count():
    """An extension may be registered with several applications."""
    extension = Counter()
    apps = [flask_httpstatus.Flask("one"), flask_httpstatus.Flask("two")]

    for app in apps:
        app.register_extension(extension)

    assert extension.apps == apps


def test_subclasses_do_not_count():
    """An extension and one that derives from it are two."""
    app = flask.Flask("example")
    derived = type("Derived", (Counter,), {})()

    register_extension(app, Counter())

    assert register_extension(app, derived) is derived


@pytest.mark.parametrize("extension", [None, "cache", object(), flask.Flask("x"), Counter().apps])
def test_what_is_no_extension(extension):
    """What has no init_app is refused."""
    with pytest.raises(TypeError, match=r"has no init_app\(app\); pass an instance"):
        register_extension(flask.Flask("example"), extension)


def test_class_instead_of_an_instance():
    """A class instead of an instance is refused."""
    with pytest.raises(TypeError, match="pass an instance of an extension"):
        register_extension(flask.Flask("example"), Counter)


def test_extension_that_fails():
    """An extension that could not be initialised is not registered."""
    app = flask.Flask("example")

    class Broken(Counter):
        def init_app(self, app):
            super().init_app(app)
            if len(self.apps) == 1:
                raise ValueError("no database")

    extension = Broken()
    with pytest.raises(ValueError, match="no database"):
        register_extension(app, extension)

    assert register_extension(app, extension) is extension


def test_failures():
    """Failures are registered like any extension, once."""
    app = flask_httpstatus.Flask("example")
    failures = app.register_extension(Failures(formats=["text"]))

    assert app.extensions["httpstatus"] is failures
    with pytest.raises(RuntimeError, match="example has a Failures already"):
        app.register_extension(Failures())


def test_sqlalchemy(tmp_path):
    """Flask-SQLAlchemy works when it is registered so, and its 404 is answered in our formats."""
    sqlalchemy = pytest.importorskip("sqlalchemy")
    flask_sqlalchemy = pytest.importorskip("flask_sqlalchemy")
    app = flask_httpstatus.Flask("example")
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tmp_path / 'test.db'}"
    app.register_extension(Failures())
    db = app.register_extension(flask_sqlalchemy.SQLAlchemy())

    class User(db.Model):
        id = sqlalchemy.Column(sqlalchemy.Integer, primary_key=True)
        name = sqlalchemy.Column(sqlalchemy.String)

    with app.app_context():
        db.create_all()
        db.session.add(User(id=1, name="ada"))
        db.session.commit()

    @app.get("/<int:user_id>")
    def show(user_id):
        return NotFound.unless(db.session.get(User, user_id), "no such user").name

    client = app.test_client()
    assert client.get("/1").text == "ada"
    assert client.get("/2").json == {"title": "Not Found", "status": 404, "detail": "no such user"}
    with app.app_context():
        db.engine.dispose()


def test_caching():
    """Flask-Caching works when it is registered so."""
    flask_caching = pytest.importorskip("flask_caching")
    app = flask_httpstatus.Flask("example")
    app.register_extension(Failures())
    cache = app.register_extension(flask_caching.Cache(config={"CACHE_TYPE": "SimpleCache"}))
    calls = []

    @app.get("/")
    @cache.cached()
    def view():
        calls.append(1)
        return "once"

    client = app.test_client()
    assert [client.get("/").text for _ in range(2)] == ["once", "once"]
    assert len(calls) == 1
