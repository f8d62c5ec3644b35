"""The pages of problem types: for people, as JSON and as JSON Schema."""

import html
import json
from dataclasses import dataclass
from typing import Annotated

import html5lib
import jsonschema
import pytest

from flask_httpstatus import (
    Conflict,
    Failures,
    Flask,
    Forbidden,
    Problem,
    TooManyRequests,
    fails_with,
)
from flask_httpstatus.pages import pages, slug_of


@dataclass
class Offer:
    """Something cheaper."""

    name: str


class OutOfCredit(Problem, Forbidden):
    """Your balance <does> not cover the price.

    Top up the account,
    or choose a cheaper item.

    Or wait.
    """

    title = "You do not have <enough> credit"
    message = "The price is {price}."
    retryable = False
    price: Annotated[int, "in <cents>"]
    offers: list[Offer]


class TooOften(Problem, TooManyRequests):
    """You asked too often."""

    type = "https://shop.example/types#too-often"


Plain = type("Plain", (Problem, Conflict), {"__module__": __name__})


@pytest.fixture
def app():
    """Return an application with pages."""
    app = Flask("shop")
    app.register_extension(Failures(problems=[Plain]))
    app.register_blueprint(pages, url_prefix="/help/problems")

    @app.get("/buy")
    @fails_with(OutOfCredit, TooOften)
    def buy():
        raise OutOfCredit(price=50, offers=[Offer("pencil")])

    return app


def get(client, path, accept="", status=200):
    """Ask for a page."""
    answer = client.get(f"/help/problems/{path}", headers={"Accept": accept} if accept else {})
    assert answer.status_code == status
    assert "Accept" in answer.vary
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return answer


@pytest.mark.parametrize("root", ["", "/my shop"])
def test_the_type_leads_to_the_page(client, root):
    """Whoever follows the type of an answer gets its page, wherever the application is."""
    below = {"SCRIPT_NAME": root}
    answer = client.get("/buy", environ_overrides=below)
    type_ = answer.json["type"]
    assert type_ == f"{root.replace(' ', '%20')}/help/problems/out-of-credit"
    path = type_.removeprefix(root.replace(" ", "%20"))
    page = client.get(path, environ_overrides=below)
    assert page.status_code == 200
    assert html.escape(OutOfCredit.title) in page.text
    assert (
        client.get(path, environ_overrides=below, headers={"Accept": "*/json"}).status_code == 200
    )


@pytest.mark.parametrize("accept", ["", "*/*", "text/html", "text/html,application/json;q=0.9"])
@pytest.mark.parametrize("path", ["", "out-of-credit", "too-often", "plain"])
def test_pages_for_people(client, path, accept):
    """A page is valid HTML with one heading, and a style that needs nothing else."""
    answer = get(client, path, accept)
    assert answer.mimetype == "text/html"
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree = parser.parse(answer.text)
    assert len(tree.findall(".//h1")) == 1
    assert tree.get("lang") == "en"
    assert tree.findall(".//main")
    assert not [one for one in tree.iter() if {"src", "onclick"} & set(one.keys())]
    assert not tree.findall(".//link")


def test_what_a_page_says(client):
    """A page has all that the class says, and its text is no markup."""
    text = get(client, "out-of-credit").text
    for said in (
        "Your balance <does> not cover the price.",
        "Top up the account,\nor choose a cheaper item.\n\nOr wait.",
        "You do not have <enough> credit",
        "403 Forbidden",
        "/help/problems/out-of-credit",
        "in <cents>",
        "will not work later",
        '"detail": "The price is 1."',
    ):
        assert said in html.unescape(text)
    for markup in ("<does>", "<enough>", "<cents>"):
        assert markup not in text


def test_what_a_page_leaves_out(client):
    """A page says nothing where the class says nothing."""
    text = get(client, "plain").text
    for heading in ("What to do", "Members", "The same request"):
        assert heading not in text
    assert "may work later" in get(client, "too-often").text


@pytest.mark.parametrize(("language", "direction"), [("en", None), ("fr", "ltr"), ("ar", "rtl")])
@pytest.mark.parametrize("path", ["", "out-of-credit"])
def test_language(language, direction, path):
    """The frame is English, and what the class says is in the application's first language."""
    app = Flask("shop")
    app.register_extension(Failures(problems=[OutOfCredit], languages=[language, "de"]))
    app.register_blueprint(pages, url_prefix="/help/problems")
    text = get(app.test_client(), path, "text/html").text
    html5lib.HTMLParser(strict=True).parse(text)
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    said = [one for one in tree.iter() if "".join(one.itertext()) == OutOfCredit.title]
    marks = {(one.get("lang"), one.get("dir")) for one in said if one.tag in {"h1", "a"}}
    assert marks == {(None if language == "en" else language, direction)}
    assert tree.get("lang") == "en"


def test_index(client):
    """The index leads to the page of each type of the application."""
    entries = get(client, "", "application/json").json["problems"]
    assert [entry["title"] for entry in entries] == [OutOfCredit.title, "Plain", "Too often"]
    text = get(client, "").text
    for entry in entries:
        assert f'href="{entry["page"]}"' in text
        assert client.get(entry["page"]).status_code == 200


def test_empty_index():
    """An application without problem types says so."""
    app = Flask("empty")
    app.register_blueprint(pages, url_prefix="/problems")
    assert "no problem types" in app.test_client().get("/problems/").text


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json"])
def test_json(client, accept):
    """A program gets the same facts."""
    answer = get(client, "out-of-credit", accept)
    assert answer.mimetype == "application/json"
    entry = answer.json
    assert entry["type"] == entry["page"] == "/help/problems/out-of-credit"
    assert entry["status"] == 403
    assert entry["phrase"] == "Forbidden"
    assert entry["explanation"] == "Your balance <does> not cover the price."
    assert entry["what_to_do"].startswith("Top up")
    assert entry["retryable"] is False
    assert entry["members"]["price"] == {"type": "integer", "description": "in <cents>"}
    assert entry["$defs"].keys() == {"Offer"}
    assert entry["example"]["price"] == 1


def test_json_schema(client):
    """The schema stands alone, and answers are what it says."""
    answer = get(client, "out-of-credit", "application/schema+json")
    assert answer.mimetype == "application/schema+json"
    schema = json.loads(answer.text)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(client.get("/buy").json, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**client.get("/buy").json, "price": "50"}, schema)


def test_no_such_type(client):
    """A type that the application does not have is not found, as a failure."""
    answer = client.get("/help/problems/nothing")
    assert answer.status_code == 404
    assert answer.json["detail"] == "There is no problem type of this name."


def test_styles_under_a_policy(app, client):
    """An application whose policy wants a nonce gives it to the style."""
    app.jinja_env.globals["csp_nonce"] = lambda: "abc"
    assert '<style nonce="abc">' in get(client, "plain").text


def test_without_the_extension():
    """The pages need no extension."""
    app = Flask("bare")
    app.register_blueprint(pages, url_prefix="/")
    assert app.test_client().get("/").status_code == 200
    assert app.test_client().get("/x").status_code == 404
    with app.app_context():
        assert Plain.uri() == "/plain"


def test_several_applications():
    """Each application has its own types, at its own path."""
    for path in ("/one", "/two"):
        app = Flask("shop")
        app.register_blueprint(pages, url_prefix=path)
        with app.app_context():
            assert Plain.uri() == f"{path}/plain"


def test_variable_paths():
    """A type has to be one URI, so a path with a variable is refused."""
    with pytest.raises(ValueError, match="has a variable"):
        Flask("shop").register_blueprint(pages, url_prefix="/<tenant>/problems")


@pytest.mark.parametrize(
    ("type_", "slug"),
    [
        ("out-of-credit", "out-of-credit"),
        ("https://a.example/p/x", "x"),
        ("https://a.example/p/x/", "x"),
        ("tag:a.example,2026:x", "x"),
        ("https://a.example/p?q=x", "q=x"),
    ],
)
def test_slugs(type_, slug):
    """The page of a type is found by the last part of it."""
    assert slug_of(type("Declared", (Problem, Conflict), {"type": type_})) == slug
