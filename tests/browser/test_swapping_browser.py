"""What htmx and Turbo do with an answer that is a failure, as docs/page.md tells it."""

import logging

import pytest
from flask import Flask, send_file

from flask_httpstatus import Failures, Issue, NotFound, UnprocessableContent

logging.getLogger("werkzeug").setLevel(logging.ERROR)

HTMX = "htmx.org/dist/htmx.min.js"
HTMX_2 = "htmx-2/dist/htmx.min.js"
TURBO = "@hotwired/turbo/dist/turbo.es2017-umd.js"
RESPONSE_HANDLING = """<meta name="htmx-config" content='{"responseHandling": [
    {"code": "204", "swap": false},
    {"code": "[23]..", "swap": true},
    {"code": "[45]..", "swap": true, "error": true, "select": ".message, ul"}
]}'>"""
ON_MISSING = """<script>
addEventListener("turbo:frame-missing", event => {
    event.preventDefault()
    event.detail.visit(event.detail.response)
})
</script>"""


@pytest.fixture
def swapping(served, module, opened):
    """Return a function that opens a page that loads the library and has this content."""

    def open_(library, head, body):
        path = module(library)
        app = Flask("swapping")
        Failures(app)
        app.add_url_rule("/library.js", "library", lambda: send_file(path))

        @app.get("/")
        def home():
            return (
                '<!doctype html><html lang="en"><title>Home</title>'
                f'{head}<script src="/library.js"></script>{body}'
            )

        @app.get("/nothing")
        def nothing():
            raise NotFound("There is no such note.")

        @app.post("/form")
        def form():
            error = Issue("must be 18 or more", parameter="age")
            raise UnprocessableContent("Please check the form.", errors=[error])

        return opened(served(app))

    return open_


def test_htmx_puts_the_page_into_the_target(swapping):
    """Htmx asks for HTML, and swaps what it gets, whatever the status is."""
    button = '<button hx-get="/nothing" hx-target="#out">Go</button><div id="out"></div>'
    page = swapping(HTMX, "", button)
    page.click("button")
    page.wait_for_selector("#out h1")
    assert page.inner_text("#out .message") == "There is no such note."


def test_htmx_selects_the_message(swapping):
    """With hx-status only the message comes into the target."""
    page = swapping(
        HTMX,
        "",
        '<button hx-get="/nothing" hx-target="#out" hx-status:4xx="select:.message">Go</button>'
        '<div id="out"></div>',
    )
    page.click("button")
    page.wait_for_selector("#out .message")
    assert page.inner_text("#out").strip() == "There is no such note."


def test_htmx_2_leaves_the_page_as_it_is(swapping):
    """Htmx 2 swaps no failure; it gets a problem document and tells of it in an event."""
    body = (
        '<button hx-get="/nothing" hx-target="#out">Go</button>'
        '<div id="out"></div><p id="told"></p>'
        "<script>document.body.addEventListener('htmx:responseError', event => {"
        "document.getElementById('told').textContent ="
        " JSON.parse(event.detail.xhr.responseText).detail})</script>"
    )
    page = swapping(HTMX_2, "", body)
    page.click("button")
    page.wait_for_function("document.getElementById('told').textContent")
    assert page.inner_text("#told") == "There is no such note."
    assert page.inner_text("#out") == ""


def test_htmx_2_selects_the_message(swapping):
    """Asked for HTML and told to swap failures, htmx 2 shows the message and the mistakes."""
    form = (
        """<form hx-post="/form" hx-target="#out" hx-headers='{"Accept": "text/html"}'>"""
        '<input name="age"><button>Go</button></form><div id="out"></div>'
    )
    page = swapping(HTMX_2, RESPONSE_HANDLING, form)
    page.click("button")
    page.wait_for_selector("#out ul")
    assert page.inner_text("#out").split() == [
        *("Please", "check", "the", "form.", "age", "must", "be", "18", "or", "more")
    ]


def test_turbo_visits_the_page(swapping):
    """Turbo shows the page of a failed visit, style and all, at the address of the visit."""
    page = swapping(TURBO, "", '<a href="/nothing">Go</a>')
    page.evaluate("window.stayed = true")
    page.click("a")
    page.wait_for_selector("h1")
    assert page.inner_text("h1").split() == ["404", "Not", "Found"]
    assert page.url.endswith("/nothing")
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none"
    assert page.title() == "404 Not Found"
    assert page.evaluate("window.stayed")


def test_turbo_shows_what_is_wrong_with_a_form(swapping):
    """Turbo shows the page of a form that is refused in the place of the form."""
    page = swapping(TURBO, "", '<form method="post" action="/form"><button>Go</button></form>')
    page.evaluate("window.stayed = true")
    page.click("button")
    page.wait_for_selector("h1")
    assert page.inner_text("li").split() == ["age", "must", "be", "18", "or", "more"]
    assert page.evaluate("window.stayed")


FRAME = '<turbo-frame id="note"><a href="/nothing">Go</a></turbo-frame>'


def test_a_turbo_frame_misses_its_content(swapping):
    """A frame that finds no frame in the page says so in place of its content."""
    page = swapping(TURBO, "", FRAME)
    page.click("a")
    page.wait_for_selector("turbo-frame .turbo-frame-error")
    assert page.inner_text("turbo-frame") == "Content missing"


def test_a_turbo_frame_gives_way_to_the_page(swapping):
    """Told to visit what a frame cannot show, Turbo shows the page."""
    page = swapping(TURBO, ON_MISSING, FRAME)
    page.click("a")
    page.wait_for_selector("h1")
    assert page.inner_text(".message") == "There is no such note."
