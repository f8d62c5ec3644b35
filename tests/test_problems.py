"""Declared problem types: members, messages, types, inheritance, copies."""

import copy
import pickle
import re
from dataclasses import field
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flask_httpstatus import (
    KINDS,
    ClientFailure,
    Conflict,
    Failure,
    Failures,
    FailureWarning,
    Flask,
    Forbidden,
    Issue,
    NotFound,
    Problem,
    TooManyRequests,
    UnprocessableContent,
    http,
)
from flask_httpstatus.document import document


class ShopProblem(Problem):
    """A base without a kind."""

    base = "https://shop.example/problems/"
    item: str


class OutOfCredit(ShopProblem, Forbidden):
    """Your balance does not cover the price.

    Top up the account, or choose a cheaper item.
    """

    title = "You do not have enough credit"
    message = "The price is {price}, but the balance is {balance}."
    balance: int
    price: Annotated[int, "in cents"]
    code_: str = "E7"
    offers: list[str] = field(default_factory=list)


class OutOfCreditToday(OutOfCredit):
    """A problem made of a problem."""

    until: date


class NameTaken(Problem, Conflict):
    """Nothing but a member."""

    name_: str


GIVEN = {"item": "book", "balance": 30, "price": 50}


def declare(kind=Conflict, /, annotations=(), **attributes):
    """Return a problem type with this body."""
    body = {"__annotations__": dict(annotations), **attributes}
    return type("Declared", (Problem, kind), body)


def test_it_is_a_failure_of_its_kind():
    """A problem is raised and caught as the kind that it derives from."""
    with pytest.raises(Forbidden) as raised:
        raise OutOfCredit(**GIVEN)
    assert raised.value.status is http.FORBIDDEN


def test_members_are_attributes_and_sent():
    """A member is an attribute, and a member of the document under its name."""
    failure = OutOfCredit(**GIVEN)
    assert (failure.item, failure.balance, failure.code_, failure.offers) == ("book", 30, "E7", [])
    assert document(failure) == {
        "type": "https://shop.example/problems/out-of-credit",
        "title": "You do not have enough credit",
        "status": 403,
        "detail": "The price is 50, but the balance is 30.",
        "item": "book",
        "balance": 30,
        "price": 50,
        "code": "E7",
        "offers": [],
    }


def test_members_can_be_set():
    """What is set on the failure is what is sent."""
    failure = NameTaken(name_="ada")
    failure.name_ = "bob"
    assert failure.members == {"name": "bob"}
    assert document(failure)["name"] == "bob"


def test_defaults_are_not_shared():
    """Each failure has a default of its own."""
    one, other = OutOfCredit(**GIVEN), OutOfCredit(**GIVEN)
    one.offers.append("pencil")
    assert other.offers == []


def test_class_has_the_declaration():
    """Read of the class, a member is its declaration."""
    assert OutOfCredit.code_.sent_as == "code"
    assert OutOfCredit.declared["balance"].default is None
    assert list(OutOfCreditToday.declared) == [
        *("item", "balance", "price", "code_", "offers", "until"),
    ]


def test_a_member_that_never_came():
    """An attribute of a failure that was made without its members is an AttributeError."""
    failure = NameTaken.__new__(NameTaken)
    with pytest.raises(AttributeError, match="NameTaken came without 'name'"):
        _ = failure.name_
    assert not hasattr(failure, "name_")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "has the members item, balance, price, code_, offers; missing: item, balance, price"),
        ({**GIVEN, "pric": 7}, "not declared: pric"),
        ({"item": "book", "balance": 1, "prize": 2}, "missing: price; not declared: prize"),
        ({**GIVEN, "code": "E8"}, "not declared: code"),
        ({**GIVEN, "allowed": ["GET"]}, "allowed"),
    ],
)
def test_a_wrong_member_is_refused(given, said):
    """A missing or misspelt member is a TypeError that names what there is."""
    with pytest.raises(TypeError, match=re.escape(said)):
        OutOfCredit(**given)


def test_no_members_at_all():
    """A problem without members says so when it gets one."""
    with pytest.raises(TypeError, match=r"the members \(none\); not declared: name"):
        declare()(name="ada")


def test_the_message_comes_first():
    """A message, headers and retry_after are given as on every failure."""
    failure = OutOfCredit("Top up first.", **GIVEN, headers={"ETag": '"1"'}, retry_after=30)
    assert failure.message == failure.description == "Top up first."
    assert failure.headers["ETag"] == '"1"'
    assert failure.headers["Retry-After"] == "30"
    with pytest.raises(ValueError, match="OutOfCredit is 403"):
        OutOfCredit("Top up first.", 409, **GIVEN)


def test_message_without_a_template():
    """Without a message the title is the message, which a document need not repeat."""
    failure = NameTaken(name_="ada")
    assert failure.message == "Name taken"
    assert "detail" not in document(failure)


def test_title_is_that_of_the_type():
    """The title is the same at every occurrence, whatever is told (RFC 9457, Section 3.1.3)."""
    told = [{}, {"message": "Top up first."}, {"price": 70}, {"retry_after": 60}]
    made = [OutOfCredit(**GIVEN | one) for one in told]
    assert {document(one)["title"] for one in made} == {"You do not have enough credit"}
    with pytest.raises(TypeError, match="'title' is a standard member"):
        Conflict("name is taken", title="Name is taken")


def test_message_of_the_kind_is_not_the_problems():
    """The message of the kind says nothing of the problem, so the title is taken."""
    assert declare(NotFound)().message == "Declared"


def test_template_that_does_not_fit_its_values():
    """A value that a template cannot format gives the title, and the failure all the same."""
    kind = declare(annotations={"price": float}, message="It is {price:.2f}.")
    assert kind(price=3.456).message == "It is 3.46."
    assert kind(price="free").message == "Declared"


def test_parts_of_members_in_a_template():
    """A template may look into a member."""
    kind = declare(annotations={"day": date, "names": list}, message="{names[0]} in {day.year}")
    assert kind(day=date(2026, 1, 1), names=["ada"]).message == "ada in 2026"


def test_lazy_message():
    """A message that is no str is no template; it is read when the answer is made."""

    class Lazy:
        def __str__(self):
            return "später {x}"

    failure = declare(message=Lazy())()
    assert str(failure.message) == "später {x}"


@pytest.mark.parametrize("message", ["{nope}", "{}", "{0}", "{", "}", "{member.x!z}{nope}"])
def test_wrong_templates(message):
    """A message with what is no member is a TypeError when the class is made."""
    with pytest.raises(TypeError, match="the message of Declared"):
        declare(annotations={"member": int}, message=message)


def test_braces():
    """A brace that is meant is written twice."""
    assert declare(message="{{}}")().message == "{}"


@given(st.text())
def test_members_are_never_templates(text):
    """What stands in a member is not read as a template."""
    kind = declare(annotations={"member": str}, message="It is {member}.")
    assert kind(member=text).message == f"It is {text}."


@pytest.mark.parametrize("name", ["status", "type", "title", "detail", "instance"])
def test_standard_members_are_reserved(name):
    """No member is sent under the name of a standard one."""
    for written in (name, f"{name}_"):
        with pytest.raises(TypeError, match=f"'{name}' is a standard member of a problem document"):
            declare(annotations={written: str})


@pytest.mark.parametrize(
    "name", ["code", "name", "message", "headers", "retry_after", "retryable", "on", "args", "uri"]
)
def test_attributes_of_failures_are_reserved(name):
    """A member with the name of an attribute is refused, with the name to take."""
    with pytest.raises(TypeError, match=f"name it {name}_"):
        declare(annotations={name: str})


@pytest.mark.parametrize("name", ["allowed", "challenge", "length", "upgrade", "errors"])
def test_facts_of_other_kinds_are_reserved(name):
    """A member with the name of another kind's fact is refused."""
    with pytest.raises(TypeError, match=name):
        declare(annotations={name: str})


@pytest.mark.parametrize("name", ["_private", "__mangled"])
def test_private_names(name):
    """A member is public, and so is its name."""
    with pytest.raises(TypeError, match="cannot have the member"):
        declare(annotations={name: str})


def test_two_members_of_one_name():
    """Two members cannot be sent under one name."""
    with pytest.raises(TypeError, match="two members"):
        declare(annotations={"colour": str, "colour_": str})


def test_names_that_the_rfc_does_not_want():
    """A name outside of the RFC's rule is warned about where the class is made."""
    with pytest.warns(FailureWarning, match="'to' is not as RFC 9457") as warned:
        declare(annotations={"to": str})
    assert warned[0].filename == __file__


def test_issues_of_an_invalid_request():
    """The errors of a kind that has them may be declared as a member."""

    class BadForm(Problem, UnprocessableContent):
        errors: list[Issue]

    failure = BadForm(errors=[Issue("too small", pointer="#/age")])
    assert document(failure)["errors"] == [{"detail": "too small", "pointer": "#/age"}]


def test_facts_of_the_kind():
    """A problem takes what its kind takes."""

    class BadForm(Problem, UnprocessableContent):
        pass

    assert BadForm(errors=[Issue("too small")]).errors == [Issue("too small")]


@pytest.mark.parametrize("default", [[], {}, set()])
def test_shared_defaults(default):
    """A default that all failures would share is refused, with what to write."""
    with pytest.raises(TypeError, match="default_factory"):
        declare(annotations={"member": Any}, member=default)


def test_fields():
    """field() gives a default, or none, as in a dataclass."""
    kind = declare(
        annotations={"one": int, "two": int}, one=field(default=1), two=field(metadata={"x": 1})
    )
    assert kind(two=2).members == {"one": 1, "two": 2}
    with pytest.raises(TypeError, match="missing: two"):
        kind()


def test_class_variables_are_no_members():
    """An annotation that is a ClassVar declares no member."""

    class Quoted(Problem, Conflict):
        one: ClassVar[int] = 1
        two: "ClassVar[int]" = 2
        three: "Annotated[int, 'it is no ClassVar']" = 3

    assert list(Quoted.declared) == ["three"]


def test_annotations_are_not_read_early():
    """An annotation may name what is not there when the class is made."""

    class Early(Problem, Conflict):
        owner: "Later"  # noqa: F821

    assert Early(owner="ada").owner == "ada"


class TestTypes:
    """What a problem type is called."""

    @pytest.mark.parametrize(
        ("name", "slug"),
        [
            ("OutOfCredit", "out-of-credit"),
            ("Gone", "gone"),
            ("HTTPSOnly", "https-only"),
            ("Error2Big", "error2-big"),
        ],
    )
    def test_of_the_name(self, name, slug):
        """The type is the class name in kebab-case, and the title in words."""
        kind = type(name, (Problem, Conflict), {})
        assert kind.type == slug
        assert kind.title == slug.replace("-", " ").capitalize()

    def test_absolute(self):
        """A URI is sent as it is."""
        assert declare(type="tag:example.org,2026:x", base="/x").uri() == "tag:example.org,2026:x"

    @pytest.mark.parametrize("base", ["https://a.example/p", "https://a.example/p/"])
    def test_under_a_base(self, base):
        """A slug stands under the base of the class."""
        assert declare(type="x", base=base).uri() == "https://a.example/p/x"

    def test_of_the_settings(self, app):
        """Without a base a slug stands under FAILURES_TYPE_BASE."""
        other = Flask("other")
        other.register_extension(Failures(type_base="https://b.example/p"))
        with other.app_context():
            assert NameTaken.uri() == "https://b.example/p/name-taken"
        with app.app_context():
            assert NameTaken.uri() == "/problems/name-taken"

    def test_without_an_application(self):
        """Without an application a type is a full path all the same."""
        assert NameTaken(name_="ada").type_uri == "/problems/name-taken"

    def test_below_a_root(self, app, client):
        """The path has SCRIPT_NAME in it."""

        @app.get("/")
        def fail():
            raise NameTaken(name_="ada")

        answer = client.get("/", environ_overrides={"SCRIPT_NAME": "/my shop"})
        assert answer.json["type"] == "/my%20shop/problems/name-taken"

    def test_below_the_root_of_the_application(self):
        """Outside of a request the path begins where the application says that it is."""
        other = Flask("other")
        other.config["APPLICATION_ROOT"] = "/root/"
        with other.app_context():
            assert NameTaken.uri() == "/root/problems/name-taken"

    @pytest.mark.parametrize("type_", ["a b", "a/b", "/a", "ä", "http://exa mple/", "a?b", "a#b"])
    def test_wrong(self, type_):
        """What is neither a URI nor a slug is refused when the class is made."""
        with pytest.raises(TypeError, match="neither a URI nor a slug"):
            declare(type=type_)

    def test_not_inherited(self):
        """A class below is another type; a title that is written stays."""
        assert OutOfCreditToday.type == "out-of-credit-today"
        assert OutOfCreditToday.title == OutOfCredit.title
        assert OutOfCreditToday.base == OutOfCredit.base
        failure = OutOfCreditToday(**GIVEN, until=date(2026, 1, 1))
        assert failure.message == "The price is 50, but the balance is 30."

        class Named(Problem, Conflict):
            type = "tag:example.org,2026:named"

        class Below(Named):
            pass

        assert (Below.type, Below.title) == ("below", "Below")


def test_bases_are_not_raised():
    """A problem type without a kind cannot be raised, and says how it could."""
    with pytest.raises(TypeError, match="class ShopProblemConflict"):
        ShopProblem(item="book")


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_every_kind_can_be_declared(kind):
    """Every kind makes problem types, which keep its status and its handlers' bases."""
    declared = declare(kind, annotations={"member": int})
    failure = declared(member=7)
    assert isinstance(failure, kind)
    assert document(failure)["status"] == kind.code
    assert document(failure)["member"] == 7


def test_a_status_without_a_kind():
    """A problem type may have a status that has no kind."""

    class Closed(Problem, ClientFailure, status=499):
        retryable = True

    assert Closed().status is http.UnofficialStatus.CLIENT_CLOSED_REQUEST
    assert document(Closed())["retryable"] is True


class TestRetryable:
    """Whether the same request may work later."""

    @pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
    def test_of_the_status(self, kind):
        """A kind says what its status says, and a document does not repeat that."""
        assert kind.retryable is http.facts(kind.code).retryable
        assert kind().retryable is kind.retryable
        assert "retryable" not in document(kind())
        assert "retryable" not in document(declare(kind)())

    @pytest.mark.parametrize("retryable", [True, False])
    def test_declared(self, retryable):
        """What a problem type declares is in its documents, and in those of the types below."""
        kind = declare(retryable=retryable)
        below = type("Below", (kind,), {})
        assert document(kind())["retryable"] is retryable
        assert document(below())["retryable"] is retryable

    def test_unsaid(self):
        """A type may take back what its status says."""
        kind = declare(TooManyRequests, retryable=None)
        assert kind().retryable is None
        assert "retryable" not in document(kind())

    @pytest.mark.parametrize(
        "given", [{"retry_after": timedelta(minutes=1)}, {"headers": {"Retry-After": "60"}}]
    )
    def test_never_against_retry_after(self, given):
        """An occurrence that says when to try again may be tried again."""
        kind = declare(retryable=False)
        assert document(kind(**given))["retryable"] is True
        assert kind.retryable is False
        assert Forbidden(retry_after=0).retryable is True


@pytest.mark.parametrize(
    "made",
    [
        lambda failure: pickle.loads(pickle.dumps(failure)),
        copy.copy,
        copy.deepcopy,
    ],
    ids=["pickle", "copy", "deepcopy"],
)
def test_copies(made):
    """A copy says the same."""
    failure = OutOfCredit("Top up first.", **GIVEN, retry_after=30)
    failure.add_note("shard 3")
    other = made(failure)
    assert type(other) is OutOfCredit
    assert document(other) == document(failure)
    assert list(other.headers) == list(failure.headers)
    assert other.__notes__ == ["shard 3"]
    other.balance = 31
    assert (made is copy.copy) or failure.balance == 30


def test_other_ways_to_raise():
    """unless, when and on raise a problem as they raise a kind."""
    with pytest.raises(OutOfCredit, match="Top up"):
        OutOfCredit.when(True, "Top up first.", **GIVEN)
    with pytest.raises(NameTaken, match="Name taken"):
        NameTaken.unless(None, name_="ada")
    with pytest.raises(NameTaken) as raised, NameTaken.on(KeyError, name_="ada"):
        {}["x"]
    assert isinstance(raised.value.__cause__, KeyError)


def test_registry_has_no_problems():
    """A problem type does not replace the kind of its status."""
    assert type(Failure("no", 403)) is Forbidden
    assert KINDS[403] is Forbidden


@pytest.mark.parametrize("accept", ["application/problem+json", "text/html", "text/plain"])
def test_answered(app, client, accept):
    """A problem is answered in every format with its title, message and type."""

    @app.get("/")
    def fail():
        raise OutOfCredit(**GIVEN)

    answer = client.get("/", headers={"Accept": accept})
    assert answer.status == "403 Forbidden"
    for text in (OutOfCredit.title, "The price is 50, but", "problems/out-of-credit"):
        assert text in answer.text
