import asyncio
import contextlib
import functools
import threading
import traceback
import weakref

import pytest
import werkzeug.exceptions

from flask_httpstatus import (
    KINDS,
    BadRequest,
    Conflict,
    Failure,
    Issue,
    NotFound,
    ServiceUnavailable,
    UnprocessableContent,
)

USERS = {7: "ada"}


@pytest.mark.parametrize("kind", KINDS.values())
def test_every_kind_converts(kind):
    """Every kind takes the place of other exceptions, and keeps the original as its cause."""
    error = KeyError(8)
    with pytest.raises(kind) as caught, kind.on(KeyError, "no such user", user=8):
        raise error
    assert type(caught.value) is kind
    assert caught.value.message == "no such user"
    assert caught.value.members == {"user": 8}
    assert caught.value.__cause__ is error
    assert caught.value.__suppress_context__


def test_message_by_default():
    """Without a message the failure says the phrase, as it does without on."""
    with pytest.raises(NotFound) as caught, NotFound.on(KeyError):
        USERS[8]
    assert caught.value.message == NotFound().message


def test_facts_of_kinds():
    """Keywords are those of the constructor: headers, retry_after and what only this kind has."""
    conversion = ServiceUnavailable.on(TimeoutError, "later", retry_after=5, headers={"X-A": "b"})
    with pytest.raises(ServiceUnavailable) as caught, conversion:
        raise TimeoutError
    assert caught.value.headers["Retry-After"] == "5"
    assert caught.value.headers["X-A"] == "b"
    with pytest.raises(BadRequest) as caught, BadRequest.on(ValueError, errors=[Issue("no")]):
        int("x")
    assert caught.value.errors == [Issue("no")]


@pytest.mark.parametrize("error", [KeyError("x"), IndexError("x")])
def test_several_classes(error):
    """Several classes are meant as in an except clause, their subclasses too."""
    for classes in ((KeyError, IndexError), LookupError):
        with pytest.raises(NotFound), NotFound.on(classes):
            raise error


@pytest.mark.parametrize("error", [KeyError("x"), KeyboardInterrupt(), SystemExit(1)])
def test_other_exceptions_go_on(error):
    """An exception that is not meant goes on as it is."""
    with pytest.raises(type(error)) as caught, NotFound.on((ValueError, OSError)):
        raise error
    assert caught.value is error
    assert error.__cause__ is None


def test_failures_go_on():
    """A failure says its status itself and passes, unless its class is named."""
    for failure in (
        Conflict("x"),
        werkzeug.exceptions.Gone(),
        werkzeug.exceptions.BadRequestKeyError("x"),
    ):
        with pytest.raises(type(failure)) as caught, NotFound.on((Exception, KeyError)):
            raise failure
        assert caught.value is failure
    with pytest.raises(NotFound), NotFound.on(werkzeug.exceptions.Conflict, "hidden"):
        raise Conflict("x")


def test_function():
    """A function makes the failure of the exception, or lets it go on with None."""

    def taken(error):
        return Conflict("name is taken", name=error.args[0]) if error.args else None

    with pytest.raises(Conflict) as caught, Failure.on(ValueError, taken):
        raise ValueError("ada")
    assert caught.value.members == {"name": "ada"}
    assert isinstance(caught.value.__cause__, ValueError)
    error = ValueError()
    with pytest.raises(ValueError, match=r"^$") as caught, Failure.on(ValueError, taken):
        raise error
    assert caught.value is error


class Taken:
    """What else can be called."""

    def __call__(self, error):
        return Conflict("taken")

    @staticmethod
    def static(_):
        return Conflict("taken")

    def method(self, error):
        return Conflict("taken")


@pytest.mark.parametrize(
    "function",
    [
        Taken(),
        Taken.static,
        Taken().method,
        functools.partial(Taken.method, None),
        lambda _: Conflict("taken"),
    ],
)
def test_functions_of_all_sorts(function):
    """Whatever can be called and is no text makes the failure."""
    with pytest.raises(Conflict, match="taken"), NotFound.on(KeyError, function):
        USERS[8]


class Lazy:
    """A text that is made when it is read, of the sort that can be called."""

    def __init__(self):
        self.read = 0

    def __str__(self):
        self.read += 1
        return "keine Benutzerin"

    def __call__(self):
        raise AssertionError("a text is not called")


def test_lazy_message():
    """A lazy text is a message, and nothing reads it before the answer is made."""
    lazy = Lazy()
    with pytest.raises(NotFound) as caught, NotFound.on(KeyError, lazy):
        USERS[8]
    assert caught.value.message is lazy
    assert lazy.read == 0


@pytest.mark.parametrize(
    "classes",
    [KeyError("x"), "KeyError", int, None, BaseException, KeyboardInterrupt, (KeyError, 1)],
)
def test_what_is_no_exception(classes):
    """What is no class of exceptions is refused when on is called, not when it is too late."""
    with pytest.raises(TypeError, match="is no class of exceptions such as KeyError"):
        NotFound.on(classes)


@pytest.mark.parametrize("message", [404, b"x", KeyError("x"), object(), Conflict])
def test_what_is_no_message(message):
    """What is neither a text nor a function is refused when on is called."""
    for kind in (NotFound, UnprocessableContent):
        with pytest.raises(TypeError, match="a message is a str or a lazy string"):
            kind.on(KeyError, message)


def test_keywords_beside_a_function():
    """A function makes all of the failure, so keywords beside it are refused."""
    for kind in (NotFound, UnprocessableContent):
        with pytest.raises(TypeError, match="user, retry_after: give them in"):
            kind.on(KeyError, lambda _: None, user=7, retry_after=3)


def test_decorator():
    """As a decorator it converts what the function raises, and leaves the rest as it was."""

    @NotFound.on(KeyError, "no such user")
    def find(user: int, /, *, default: str = "") -> str:
        """Find a user."""
        return USERS[user] or default

    assert find(7) == "ada"
    assert (find.__name__, find.__doc__) == ("find", "Find a user.")
    assert find.__wrapped__
    with pytest.raises(NotFound, match="no such user"):
        find(8, default="x")
    with pytest.raises(TypeError):
        find()


def test_decorator_of_a_coroutine():
    """A coroutine function stays one, and what is raised while it is awaited is converted."""

    @NotFound.on(KeyError, "no such user")
    async def find(user):
        await asyncio.sleep(0)
        return USERS[user]

    assert asyncio.iscoroutinefunction(find)
    assert asyncio.run(find(7)) == "ada"
    with pytest.raises(NotFound, match="no such user"):
        asyncio.run(find(8))


def test_decorator_of_methods():
    """Methods of each sort are decorated below their own decorators."""

    class Users:
        @NotFound.on(KeyError)
        def find(self, user):
            return USERS[user]

        @classmethod
        @NotFound.on(KeyError)
        def find_class(cls, user):
            return USERS[user]

        @staticmethod
        @NotFound.on(KeyError)
        def find_static(user):
            return USERS[user]

        @property
        @NotFound.on(KeyError)
        def first(self):
            return USERS[8]

    users = Users()
    for find in (users.find, users.find_class, users.find_static):
        assert find(7) == "ada"
        with pytest.raises(NotFound):
            find(8)
    with pytest.raises(NotFound):
        _ = users.first


def generator():
    """Yield something."""
    yield 1


async def async_generator():
    """Yield something."""
    yield 1


class View:
    """A class."""


@pytest.mark.parametrize(
    ("function", "advice"),
    [
        (generator, "with block inside"),
        (async_generator, "with block inside"),
        (functools.partial(generator), "with block inside"),
        (View, "decorate the methods"),
        ("x", "decorate the methods"),
    ],
)
def test_what_cannot_be_decorated(function, advice):
    """What runs after the call, or is no function, is refused with what to do instead."""
    with pytest.raises(TypeError, match=advice):
        NotFound.on(KeyError)(function)


def test_views(app, client):
    """Views are decorated below the route; sync and async ones answer alike."""

    @app.get("/sync/<int:user>")
    @NotFound.on(KeyError, "no such user")
    def sync_view(user):
        return USERS[user]

    @app.get("/async/<int:user>")
    @NotFound.on(KeyError, "no such user")
    async def async_view(user):
        return USERS[user]

    for path in ("/sync", "/async"):
        assert client.get(f"{path}/7").text == "ada"
        response = client.get(f"{path}/8")
        assert (response.status_code, response.json["detail"]) == (404, "no such user")
        assert "KeyError" not in response.text


def test_one_object_serves_any_number_of_blocks():
    """It keeps nothing: blocks may be nested, and run in threads at the same time."""
    conversion = NotFound.on(KeyError, "no such user")
    with pytest.raises(NotFound), conversion, conversion:
        USERS[8]
    with conversion:
        pass
    failures = []
    barrier = threading.Barrier(8, timeout=10)

    def block():
        with contextlib.suppress(NotFound), conversion:
            barrier.wait()
            try:
                with conversion:
                    USERS[8]
            except NotFound as failure:
                failures.append(failure)
                raise

    threads = [threading.Thread(target=block) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len({*map(id, failures)}) == 8


def test_nothing_is_kept():
    """Neither the failure nor the exception that it came from outlives who caught it."""

    class Large(Exception):  # noqa: N818
        pass

    conversion = NotFound.on(Large)
    caught = []
    for _ in range(3):
        try:
            with conversion:
                raise Large
        except NotFound as failure:
            caught += weakref.ref(failure.__cause__), weakref.ref(failure)
    import gc

    gc.collect()
    assert [one() for one in caught] == [None] * 6


def test_the_traceback_shows_both():
    """A traceback shows the line that failed and, by the cause, why."""
    with pytest.raises(NotFound) as caught, NotFound.on(KeyError):
        USERS[8]
    text = "".join(traceback.format_exception(caught.value))
    assert "KeyError: 8" in text
    assert "direct cause" in text


# unless and when


@pytest.mark.parametrize("value", [0, "", b"", [], {}, (), 0.0, set(), "x", 7, True, object()])
def test_unless_returns_the_value(value):
    """Whatever is neither None nor False is returned as it is, empty or not."""
    assert NotFound.unless(value, "no") is value


class Falsy:
    """An object whose truth must not be asked for."""

    def __bool__(self):
        raise AssertionError("not asked for")

    def __eq__(self, other):
        raise AssertionError("not asked for")

    __hash__ = None


def test_unless_asks_nothing_of_the_value():
    """Neither truth nor equality of the value is asked for, so results of databases are safe."""
    value = Falsy()
    assert NotFound.unless(value) is value


@pytest.mark.parametrize("kind", KINDS.values())
@pytest.mark.parametrize("value", [None, False])
def test_unless_raises(kind, value):
    """None and False raise the kind, with its message and facts."""
    with pytest.raises(kind) as caught:
        kind.unless(value, "no such user", user=8)
    assert (caught.value.message, caught.value.members) == ("no such user", {"user": 8})
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("kind", KINDS.values())
def test_when(kind):
    """A true condition raises the kind, a false one does nothing."""
    for condition in (True, 1, "x", [0]):
        with pytest.raises(kind) as caught:
            kind.when(condition, "no", user=8)
        assert (caught.value.message, caught.value.members) == ("no", {"user": 8})
    for condition in (False, 0, "", [], None):
        assert kind.when(condition, "no") is None


def test_base_classes():
    """Failure itself raises a 400, or the status that it is given."""
    with pytest.raises(BadRequest):
        Failure.unless(None)
    with pytest.raises(NotFound):
        Failure.when(True, "no", status=404)
    with pytest.raises(NotFound), Failure.on(KeyError, "no", status=404):
        USERS[8]


@pytest.mark.parametrize("returned", ["no such user", 404, ("no such user", 404), NotFound, False])
def test_a_function_returns_a_failure_or_none(returned):
    """What a function returns that is neither is told with the exception that it was given."""
    match = "KeyError became .*; return a failure such as NotFound"
    with pytest.raises(TypeError, match=match) as caught, Failure.on(KeyError, lambda _: returned):
        raise KeyError(8)
    assert isinstance(caught.value.__context__, KeyError)
