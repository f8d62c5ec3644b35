"""What views declare: the check of what passes, and the catalogue of an application."""

import functools
import warnings

import pytest
from flask import Blueprint, abort, redirect
from flask.views import MethodView, View
from werkzeug import exceptions as werkzeug

from flask_httpstatus import (
    ClientFailure,
    Conflict,
    Failure,
    Failures,
    Flask,
    Forbidden,
    Found,
    NotFound,
    Problem,
    ServerFailure,
    Unauthorized,
    UndeclaredFailure,
    catching_failure,
    fails_with,
)
from flask_httpstatus.declarations import catalogue, duplicates, of_view


class NameTaken(Problem, Conflict):
    """Somebody else has the name."""


class OutOfCredit(Problem, Forbidden):
    """There is no money."""


class Base(Problem):
    """No kind."""


def check(client, view, *, status, warns, **options):
    """Ask a view and tell whether what it fails with was declared."""
    client.application.add_url_rule("/", view_func=view, **options)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        answer = client.open("/", method=options.get("methods", ["GET"])[0])
    assert answer.status_code == status
    assert [one.category for one in caught] == ([UndeclaredFailure] if warns else [])
    return caught


@pytest.mark.parametrize(
    ("declared", "raised", "warns"),
    [
        ([NotFound], NotFound("no"), False),
        ([NotFound], Forbidden("no"), True),
        ([], NotFound("no"), True),
        ([Forbidden, NotFound], NotFound("no"), False),
        ([Conflict], NameTaken(), False),
        ([NameTaken], Conflict("no"), True),
        ([ClientFailure], NameTaken(), False),
        ([ClientFailure], Failure("no", 499), False),
        ([ClientFailure], Failure("no", 503), True),
        ([ServerFailure], Failure("no", 503), False),
        ([Failure], Failure("no", 503), False),
        ([NotFound], werkzeug.NotFound(), False),
        ([OutOfCredit], werkzeug.Forbidden(), False),
        ([NotFound], werkzeug.Forbidden(), True),
        ([Failure], werkzeug.Forbidden(), False),
    ],
)
def test_what_is_declared(client, declared, raised, warns):
    """Kinds and those below them are declared, foreign exceptions by their status."""

    @fails_with(*declared)
    def view():
        raise raised

    check(client, view, status=raised.code, warns=warns)


def test_points_at_the_raise(client):
    """The warning points at the line that raises, and says what to do."""

    def deep():
        raise Forbidden("no")

    @fails_with(NotFound)
    def view():
        deep()

    (warned,) = check(client, view, status=403, warns=True)
    assert warned.filename == __file__
    assert warned.lineno == deep.__code__.co_firstlineno + 1
    assert "view fails with Forbidden, which its @fails_with" in str(warned.message)


def test_an_error_where_warnings_are(client):
    """Where warnings are errors the test fails at the raise."""
    client.application.testing = True

    @client.application.get("/")
    @fails_with(NotFound)
    def view():
        raise Forbidden("no")

    with pytest.raises(UndeclaredFailure):
        client.get("/")


@pytest.mark.parametrize("raised", [lambda: Found("/login"), ValueError, KeyError])
def test_no_failures(client, raised):
    """Redirects and unhandled exceptions are no failures that a view declares."""

    @fails_with()
    def view():
        raise raised()

    check(client, view, status=500 if isinstance(raised, type) else 302, warns=False)


def test_ready_responses(client):
    """A response that is ready is none either, nor is one that is returned."""

    @fails_with()
    def view():
        abort(redirect("/x", 302))

    check(client, view, status=302, warns=False)


def test_translated(app, client):
    """A translated exception counts as what it becomes, and one that goes on does not."""
    failures = app.extensions["httpstatus"]

    class NoRowError(Exception):
        pass

    class LockedRowError(NoRowError):
        pass

    failures.translate(LockedRowError, lambda _: None)
    failures.translate(NoRowError, NotFound, "no row")

    @app.get("/<name>")
    @fails_with(Forbidden)
    def view(name):
        raise {"none": NoRowError, "locked": LockedRowError, "lookup": LookupError}[name]

    for name, status in {"none": 404, "locked": 404, "lookup": 500}.items():
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            assert client.get(name).status_code == status
        assert len(caught) == (status == 404)
        if caught:
            assert caught[0].filename == __file__


def test_own_handlers(app, client):
    """An exception for which the application has a handler of its own is not ours to check."""
    app.register_error_handler(LookupError, lambda _: ("mine", 409))

    @fails_with()
    def view():
        raise LookupError

    check(client, view, status=409, warns=False)


def test_async(client):
    """An async view declares in the same way."""

    @fails_with(NotFound)
    async def view():
        raise Forbidden("no")

    check(client, view, status=403, warns=True)


@pytest.mark.parametrize("raised", [NotFound, Forbidden, Unauthorized, Conflict])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_classes(method, raised):
    """A class declares for its methods, and so does each method for itself."""

    @fails_with(Unauthorized)
    class Users(MethodView):
        decorators = (fails_with(Forbidden),)

        @fails_with(NotFound)
        def get(self):
            raise raised("no")

        @fails_with(Conflict)
        async def post(self):
            raise raised("no")

    view = Users.as_view("users")
    own = Conflict if method == "POST" else NotFound
    assert set(of_view(view, method)) == {Unauthorized, Forbidden, own}
    warns = raised not in {Unauthorized, Forbidden, own}
    app = Flask("example")
    app.register_extension(Failures(challenge="Bearer"))
    check(app.test_client(), view, status=raised.code, warns=warns, methods=[method])


def test_plain_view_classes(client):
    """A class without methods declares, too, and so do those below it."""

    @fails_with(NotFound)
    class Page(View):
        def dispatch_request(self):
            raise self.raised("no")

    class Below(Page):
        raised = Forbidden

    view = Below.as_view("below")
    assert of_view(view, "GET") == (NotFound,)
    check(client, view, status=403, warns=True)


def test_several(client):
    """Several declarations are one, whatever stands between them."""

    def between(view):
        @functools.wraps(view)
        def wrapper():
            return view()

        return wrapper

    @fails_with(NotFound)
    @between
    @fails_with(Forbidden)
    def view():
        raise NotFound("no")

    assert of_view(view, "GET") == (NotFound, Forbidden)
    check(client, view, status=404, warns=False)


def test_below_catching_failure(client):
    """What is caught further out has passed the declaration."""

    @catching_failure
    @fails_with(NotFound)
    def view():
        raise Forbidden("no")

    assert of_view(view, "GET") == (NotFound,)
    check(client, view, status=403, warns=True)


def test_other_functions(app, client):
    """A function that a view calls keeps its own promise, whatever the view declares."""

    @fails_with(NotFound)
    def find():
        raise Forbidden("no")

    @fails_with(Forbidden)
    def view():
        find()

    (warned,) = check(client, view, status=403, warns=True)
    assert "find fails" in str(warned.message)


def test_without_an_application():
    """A function with a declaration can be called by itself."""

    @fails_with(NotFound)
    def find(kind):
        raise kind

    with pytest.raises(NotFound):
        find(NotFound)
    with pytest.raises(KeyError):
        find(KeyError)
    with pytest.warns(UndeclaredFailure), pytest.raises(Forbidden):
        find(Forbidden)


def test_outside_of_a_view(app):
    """Where no route was found there is no view, and the promise is the function's alone."""

    @app.before_request
    @fails_with(NotFound)
    def find():
        raise NotFound("no")

    assert app.test_client().get("/nowhere").status_code == 404


def test_results_pass():
    """What a view returns passes, with its name and text."""

    @fails_with(NotFound)
    def view(number):
        """Double it."""
        return 2 * number

    assert (view(2), view.__name__, view.__doc__) == (4, "view", "Double it.")


@pytest.mark.parametrize("kind", [404, "404", werkzeug.NotFound, NotFound("x"), ValueError, Base])
def test_wrong_kinds(kind):
    """What is no kind, or never raised, is refused where it is written."""
    with pytest.raises(TypeError, match="kind"):
        fails_with(kind)


@pytest.mark.parametrize("view", [7, "x", NotFound, dict])
def test_wrong_views(view):
    """What is no view is refused."""
    with pytest.raises(TypeError, match="for views, not"):
        fails_with(NotFound)(view)


class Unlisted(Problem, NotFound):
    """Nobody declares it."""


class Listed(Problem, NotFound):
    """The application lists it."""


def test_catalogue():
    """An application has what its views declare and what it lists; others have no part in it."""
    app = Flask("one")
    app.register_extension(Failures(problems=[Listed]))
    blueprint = Blueprint("shop", "shop", url_prefix="/shop")

    @app.get("/")
    @app.get("/other")
    @fails_with(NotFound, NameTaken)
    def show():
        pass

    @blueprint.get("/")
    @fails_with(NameTaken)
    def buy():
        pass

    app.register_blueprint(blueprint)
    assert catalogue(app) == {Listed: [], NameTaken: ["show", "shop.buy"]}
    assert list(catalogue(app)) == [Listed, NameTaken]
    assert catalogue(Flask("two")) == {}


def test_rules_without_views():
    """A rule that has no view yet declares nothing."""
    app = Flask("one")
    app.add_url_rule("/later", endpoint="later")
    assert catalogue(app) == {}


@pytest.mark.parametrize("problems", ["x", [404], NotFound, [NotFound], [NotFound("x")], [Base]])
def test_wrong_problems(problems):
    """What is no list of problem types is refused by the key of the setting."""
    with pytest.raises(ValueError, match="FAILURES_PROBLEMS"):
        Failures(problems=problems)


def test_duplicates():
    """Types that share a URI or a name are told apart by nobody."""
    same_uri = type("Other", (Problem, Conflict), {"type": "name-taken"})
    same_name = type("NameTaken", (Problem, Conflict), {"type": "other"})
    assert list(duplicates([NameTaken, OutOfCredit])) == []
    assert "are both /problems/name-taken" in next(duplicates([NameTaken, same_uri]))
    assert "are both NameTaken" in next(duplicates([NameTaken, same_name]))
