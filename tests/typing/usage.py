"""What users write, read by the type checkers and never run."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import assert_type

import flask
from flask.views import MethodView
from werkzeug.datastructures import WWWAuthenticate

from flask_httpstatus import (
    Conflict,
    ExtensionHost,
    Failure,
    Failures,
    Flask,
    Forbidden,
    Found,
    Issue,
    MethodNotAllowed,
    NotFound,
    RangeNotSatisfiable,
    ServiceUnavailable,
    TooManyRequests,
    Unauthorized,
    UnavailableForLegalReasons,
    UnprocessableContent,
    UpgradeRequired,
    catching_failure,
    http,
    is_safe_location,
    redirect,
    register_extension,
)

app = Flask(__name__)
failures = app.register_extension(Failures())
assert_type(failures, Failures)
assert_type(register_extension(flask.Flask(__name__), Failures()), Failures)


class App(ExtensionHost, flask.Flask):
    """An application class of one's own."""


assert_type(App(__name__).register_extension(Failures(formats=["problem"])), Failures)


class User:
    """A thing that is looked up."""

    banned = False


def find_user(user_id: int) -> User | None:
    """Look it up."""
    return User() if user_id else None


class UserMissing(NotFound):
    """A kind of one's own."""

    message = "no such user"


class LoginFirst(Unauthorized):
    """A kind with a fact of its own."""

    challenge = WWWAuthenticate("bearer", {"realm": "api"})


@app.get("/users/<int:user_id>")
@catching_failure
def show_user(user_id: int) -> str:
    """Narrow by unless."""
    user = NotFound.unless(find_user(user_id), "no such user")
    assert_type(user, User)
    Forbidden.when(user.banned, "you are banned")
    return "hello"


assert_type(show_user(7), str | flask.Response)


@catching_failure(format="text")
def report() -> flask.Response:
    """Raise everything there is."""
    raise Failure("no such user", HTTPStatus.NOT_FOUND)


@app.get("/async")
@catching_failure
async def show_async() -> str:
    """Catch in an async view."""
    raise UserMissing


class Users(MethodView):
    """A class-based view."""

    decorators = [catching_failure]

    def get(self) -> str:
        """Answer."""
        raise LoginFirst("log in first")


def every_fact(kind: int) -> Iterator[Failure]:
    """Raise with every fact."""
    yield Failure()
    yield Conflict("name is taken", headers={"ETag": '"1"'}, name="ada")
    yield MethodNotAllowed("read only", allowed=["GET", "HEAD"])
    yield MethodNotAllowed(["GET", "HEAD"])
    yield Unauthorized("log in", challenge=WWWAuthenticate("bearer", {"realm": "api"}))
    yield TooManyRequests("slow down", retry_after=timedelta(seconds=30))
    yield ServiceUnavailable("later", retry_after=datetime.now(UTC))
    yield RangeNotSatisfiable("too far", length=1234)
    yield UpgradeRequired("use TLS", upgrade="TLS/1.3")
    yield UnavailableForLegalReasons("court order", blocked_by="https://isp.example/")
    yield UnprocessableContent("check", errors=[Issue("must be positive", pointer="#/age")])


failure = NotFound("no such user", name="ada")
assert_type(failure.message, str)
assert_type(failure.status, http.Status)
assert_type(NotFound.status, http.Status)
assert_type(http.facts(405).reference, str | None)
assert_type(http.status(404), http.Status)


@NotFound.on(KeyError, "no such user")
def look_up(users: dict[int, User], user_id: int) -> User:
    """Convert as a decorator."""
    return users[user_id]


assert_type(look_up({}, 7), User)


@NotFound.on(KeyError)
async def look_up_async(users: dict[int, User], user_id: int) -> User:
    """Convert as a decorator of an async function."""
    return users[user_id]


def look_up_inline(users: dict[int, User], user_id: int) -> User:
    """Convert as a context manager, with a function for the failure."""
    with NotFound.on((KeyError, IndexError), lambda _: UserMissing(user=user_id)):
        return users[user_id]


def name_taken(error: sqlite3.IntegrityError) -> Conflict | None:
    """Tell which errors are meant."""
    return Conflict("name is taken") if "UNIQUE" in str(error) else None


failures.translate(sqlite3.IntegrityError, name_taken)
failures.translate(sqlite3.OperationalError, ServiceUnavailable, "back soon")


def handle(error: NotFound) -> flask.Response:
    """Handle in one's own way."""
    return failures.respond(error)


app.register_error_handler(NotFound, handle)


@failures.renderer("application/vnd.api+json")
def as_jsonapi(failure: Failure) -> dict[str, object]:
    """Write a format of one's own."""
    return {"errors": [{"status": str(int(failure.status)), "title": failure.name}]}


assert_type(redirect("/", HTTPStatus.SEE_OTHER), flask.Response)
assert_type(redirect(flask.request.args.get("next"), fallback="/"), flask.Response)
assert_type(is_safe_location("/"), bool)


def log_in() -> str:
    """Raise a redirect."""
    raise Found("/login")
