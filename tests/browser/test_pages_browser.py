"""The pages of problem types in a real Chromium: for every eye, hand and screen."""

import logging
from dataclasses import dataclass
from typing import Annotated, Literal

import pytest
from flask import Flask

from flask_httpstatus import Conflict, Failures, Forbidden, Problem, ServiceUnavailable
from flask_httpstatus.pages import pages

logging.getLogger("werkzeug").setLevel(logging.ERROR)

LONG = "Donaudampfschifffahrtsgesellschaft" * 20


@dataclass
class Offer:
    """Something cheaper."""

    name: str


class OutOfCredit(Problem, Forbidden):
    """Your balance does not cover the price.

    Top up the account.

    Or choose a cheaper item.
    """

    title = "You do not have enough credit"
    retryable = False
    balance: int
    price: Annotated[int, "in cents"]
    offers: list[Offer]
    colour: Literal["red", "green"] = "red"


class Hostile(Problem, ServiceUnavailable):
    """<script>alert(1)</script> \u202e</title><style>main { display: none }</style>.

    <plaintext>Donaudampfschifffahrtsgesellschaftskapitaenswitwenrentenauszahlungsstellenleiter.
    """

    type = f"https://shop.example/{'a/' * 200}hostile"
    title = f"</title><script>alert(1)</script>{{{{ 7 * 7 }}}} \u202e{LONG}"
    retryable = True
    member: Annotated[Literal["<img src=x onerror=alert(1)>", LONG], f"<b onclick=alert(1)>{LONG}"]


Plain = type("Plain", (Problem, Conflict), {"__module__": __name__})
PATHS = ["/", "/out-of-credit", "/hostile", "/plain"]


def served_with(served, **settings):
    """Return the address of the pages of an application."""
    app = Flask("shop")
    Failures(app, **settings)
    app.register_blueprint(pages, url_prefix="/help")
    return f"{served(app)}/help"


@pytest.fixture(scope="module")
def site(served):
    """Return the address of pages of all sorts."""
    return served_with(served, problems=[OutOfCredit, Hostile, Plain])


@pytest.fixture(scope="module")
def empty(served):
    """Return the address of pages without a problem type."""
    return served_with(served)


def test_empty(opened, empty, axe):
    """Axe has nothing to complain of where there is nothing to tell."""
    assert axe(opened(f"{empty}/")) == []


@pytest.mark.parametrize("path", PATHS)
def test_accessible(opened, site, axe, overflow, path):
    """Axe has nothing to complain of and nothing that it cannot decide; nothing is cut off."""
    page = opened(site + path)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (320, 768, 3840):
            page.set_viewport_size({"width": width, "height": 800})
            assert axe(page) == []
            assert overflow(page) <= 0


@pytest.mark.parametrize("path", PATHS)
def test_nothing_leaves_the_page(browser, site, path):
    """A page is one request, and nothing in it runs."""
    context = browser.new_context()
    page = context.new_page()
    requests, complaints = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(site + path, wait_until="networkidle")
    assert requests == [site + path]
    assert complaints == []
    assert page.evaluate("document.scripts.length") == 0
    context.close()


def test_by_keyboard(opened, site):
    """From the index one gets to a page and back without a mouse, and sees where one is."""
    page = opened(f"{site}/", java_script_enabled=True)
    for _ in range(2):
        page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) != "none"
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/out-of-credit")
    page.get_by_role("link", name="All problem types").press("Enter")
    page.wait_for_url(f"{site}/")


@pytest.mark.parametrize(("language", "direction"), [("fr", "ltr"), ("ar", "rtl")])
def test_language(opened, served, axe, language, direction):
    """What the application has written is in its language, in a frame that is English."""
    address = served_with(served, problems=[OutOfCredit], languages=[language])
    page = opened(f"{address}/out-of-credit")
    assert axe(page) == []
    of = "document.querySelector('{}').closest('[lang]').lang"
    assert page.evaluate(of.format("h1")) == language
    assert page.evaluate(of.format(".explanation")) == language
    assert page.evaluate(of.format("h2")) == "en"
    written = page.evaluate("getComputedStyle(document.querySelector('.explanation')).direction")
    assert written == direction
    page.goto(f"{address}/")
    assert axe(page) == []
    assert page.evaluate(of.format("tbody a")) == language
    assert page.evaluate(of.format("h1")) == "en"
