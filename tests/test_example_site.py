"""The site of the examples: its own pages for what fails, in its own layout."""

from pathlib import Path

import html5lib
import pytest
from flask.cli import ScriptInfo

from flask_httpstatus import Gone, Issue, NotFound, UnprocessableContent
from flask_httpstatus.testing import assert_conforms, assert_failure

SITE = Path(__file__).resolve().parents[1] / "examples" / "bakery"
# A person whose browser asks for German first.
PERSON = {"Accept": "text/html", "Accept-Language": "de, en;q=0.5"}
PROGRAM = {"Accept": "application/json"}
ORDER = {"bread": "rye", "number": "2"}


@pytest.fixture
def app():
    """Return the site as `flask --app` finds it."""
    return ScriptInfo(str(SITE)).load_app()


def read(answer):
    """Return the document of a page, which has to be HTML without a mistake."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(answer.text)


def text(page, tag="h1"):
    """Return the text of the only element of this tag."""
    (element,) = page.iter(tag)
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/", "Our breads"),
        ("/breads/rye", "rye"),
        ("/order", "Order bread"),
        ("/thanks", "Thank you"),
    ],
)
def test_pages(client, path, heading):
    """Every page is there, and is HTML."""
    answer = client.get(path, headers=PERSON)
    assert answer.status_code == 200
    assert text(read(answer)) == heading


@pytest.mark.parametrize(
    ("asked", "status", "heading", "said"),
    [
        (("GET", "/nothing"), 404, "There is nothing here", "Were you looking for"),
        (("GET", "/breads/oat"), 404, "There is nothing here", "We have never baked this bread."),
        (("GET", "/breads/spelt"), 410, "Gone", "We do not bake this bread any more."),
        (("PUT", "/order"), 405, "Method Not Allowed", "This address does not support"),
        (("POST", "/order"), 422, "Order bread", "Please check the order."),
    ],
)
def test_own_pages(client, asked, status, heading, said):
    """A failure is a page of the site: 404 and 422 have their own, the rest of 4xx shares one."""
    method, path = asked
    answer = client.open(path, method=method, headers=PERSON)
    assert answer.status_code == status
    assert_conforms(answer)
    assert "Accept-Language" not in answer.vary
    page = read(answer)
    assert text(page) == heading
    assert text(page, "title") == f"{heading} - Bakery"
    assert text(page, "nav") == "Breads Order"
    assert said in text(page, "main")
    assert "number:" not in text(page, "main")


def test_closed(app, client):
    """While the oven is cold, a page says so, until when, and which number to tell."""
    app.config["CLOSED"] = True
    answer = client.get("/", headers=PERSON)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3600")
    assert_conforms(answer)
    said = text(read(answer), "main")
    assert said.startswith("Something went wrong The oven is cold. You can try again in 60 min.")
    assert "tell us this number:" in said
    with client.get("/static/style.css") as style:
        assert style.status_code == 200


def test_bug(app, client):
    """What nobody caught is a page of the site, too, and tells nothing of itself."""
    app.view_functions["thanks"] = lambda: {}["secret"]
    answer = client.get("/thanks", headers=PERSON)
    assert answer.status_code == 500
    assert text(read(answer)) == "Something went wrong"
    assert "tell us this number:" in answer.text
    assert "secret" not in answer.text


def test_order(client):
    """What is ordered correctly leads on, by GET."""
    answer = client.post("/order", data=ORDER, headers=PERSON)
    assert (answer.status_code, answer.location) == (303, "/thanks")


def test_form_again(client):
    """The page of a 422 is the form, with what was typed and what is wrong with it."""
    answer = client.post("/order", data={**ORDER, "number": '"<9>'}, headers=PERSON)
    bread, number = [one for one in read(answer).iter("input") if one.get("type") != "hidden"]
    assert (bread.get("value"), bread.get("aria-invalid")) == ("rye", None)
    assert (number.get("value"), number.get("aria-invalid")) == ('"<9>', "true")
    assert number.get("aria-describedby") == "number-issue"
    assert text(read(answer), "small") == "Number must be 1, 2 or 3."


def test_programs(client):
    """A program gets the same failures as problem documents, from the same views."""
    assert_failure(
        client.get("/breads/oat", headers=PROGRAM), NotFound, "We have never baked this bread."
    )
    assert_failure(client.get("/breads/spelt", headers=PROGRAM), Gone)
    assert_failure(
        client.post("/order", data={"bread": "oat", "number": "1"}, headers=PROGRAM),
        UnprocessableContent,
        errors=[Issue("must be one of ours", parameter="bread")],
    )


@pytest.mark.parametrize(
    ("back", "location"),
    [
        ("/breads/rye?from=ad", "/breads/rye?from=ad"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        (None, "/"),
    ],
)
def test_back_to_the_page(client, back, location):
    """The size of the text is changed for the page that it was asked on, never for another site."""
    form = {"size": "large"} if back is None else {"size": "large", "back": back}
    answer = client.post("/text", data=form)
    assert (answer.status_code, answer.location) == (303, location)
    assert read(client.get("/")).get("data-text") == "large"
