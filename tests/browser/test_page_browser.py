"""The page in a real Chromium: for every eye, hand, screen and policy.

axe-core is what judges; ``npm install --prefix tests/browser`` brings it.
"""

import logging

import pytest
from flask import Flask, request

from flask_httpstatus import KINDS, Failures, Issue, UnprocessableContent, http
from flask_httpstatus.translations import LANGUAGES

logging.getLogger("werkzeug").setLevel(logging.ERROR)

FACTS = {
    401: {"challenge": "Bearer"},
    405: {"allowed": ["GET"]},
    407: {"challenge": "Basic"},
    416: {"length": 1},
    426: {"upgrade": "TLS/1.3"},
    429: {"retry_after": 90},
    451: {"blocked_by": "https://isp.example/"},
}
LOGO = '<svg viewBox="0 0 2 2"><circle cx="1" cy="1" r="1" fill="currentColor"/></svg>'
SITE = {"name": "Example", "logo": LOGO, "login": "/login", "search": "/search?q="}
SCHEMES = ["light", "dark"]
#: A small phone, or a laptop at 400 %; a tablet; a large screen.
WIDTHS = [320, 768, 3840]
RTL = [tag for tag, language in LANGUAGES.items() if language.direction == "rtl"]


@pytest.fixture(scope="module")
def site(served):
    """Return the address of a site that fails in every way."""
    app = Flask("failing")
    app.logger.disabled = True
    Failures(app, site=SITE)
    app.add_url_rule("/", "home", lambda: "home")

    @app.get("/<int:code>")
    def failing(code):
        raise KINDS[code](request.args.get("message"), **FACTS.get(code, {}))

    @app.get("/form")
    def form():
        errors = [Issue("must be 18 or more", pointer="#/age"), Issue("no address", header="From")]
        raise UnprocessableContent("Please check the form.", errors=errors, form="order", no=7)

    @app.after_request
    def seen(response):
        # A browser without a proxy believes no 407, and shows a page of its own.
        response.status_code = 403 if response.status_code == 407 else response.status_code
        return response

    return served(app)


PATHS = [*(f"/{code}" for code in KINDS), "/form", "/404?message=%E2%80%AEalert%0Atwo"]


@pytest.mark.parametrize("path", PATHS)
def test_accessible(opened, site, axe, overflow, path):
    """Axe has nothing to complain of and nothing that it cannot decide; nothing is cut off."""
    page = opened(site + path)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert axe(page) == []
            assert overflow(page) <= 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_accessible_in_every_language(opened, site, axe, overflow, language):
    """The page is as good in every language: no title breaks it, none is declared wrongly."""
    headers = {"Accept-Language": language}
    page = opened(f"{site}/form", extra_http_headers=headers, viewport={"width": 320, "height": 9})
    assert axe(page) == []
    longest = sorted(KINDS, key=lambda code: len(LANGUAGES[language](http.facts(code).phrase)))[-5:]
    for code in longest:
        page.goto(f"{site}/{code}")
        assert overflow(page) <= 0
        assert page.evaluate("document.documentElement.lang") == language


def test_high_contrast(opened, site):
    """With the person's own colours, what can be pressed still has an outline."""
    page = opened(f"{site}/404", forced_colors="active")
    for selector in (".actions a", "button", "input"):
        width = f"getComputedStyle(document.querySelector('{selector}')).borderTopWidth"
        assert page.evaluate(width) != "0px"


def test_print(opened, site):
    """On paper the page is dark on white, without what nobody can press."""
    page = opened(f"{site}/404", color_scheme="dark")
    page.emulate_media(media="print")
    background = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(background) == "rgb(255, 255, 255)"
    assert not page.locator(".actions").is_visible()
    assert not page.locator("form").is_visible()
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1


@pytest.mark.parametrize("language", ["en", *RTL])
def test_direction(opened, site, language):
    """The page starts where its writing starts."""
    page = opened(f"{site}/401", extra_http_headers={"Accept-Language": language})
    box = "document.querySelector('.actions a').getBoundingClientRect()"
    main = "document.querySelector('main').getBoundingClientRect()"
    left = page.evaluate(f"{box}.left - {main}.left")
    right = page.evaluate(f"{main}.right - {box}.right")
    assert (left > right) is (language in RTL)


def test_bigger_text(opened, site, overflow):
    """At 200 % nothing is cut off, and the text has grown to twice its size."""
    page = opened(f"{site}/form", viewport={"width": 1280, "height": 800})
    size = "parseFloat(getComputedStyle(document.querySelector('.message')).fontSize)"
    before = page.evaluate(size)
    page.set_viewport_size({"width": 640, "height": 400})  # what zooming to 200 % is to a page
    assert page.evaluate(size) == before
    assert overflow(page) <= 0


@pytest.mark.parametrize("path", ["/404", "/401", "/500", "/form"])
def test_nothing_leaves_the_page(browser, site, path):
    """The page is one request, breaks no rule of its policy, and has its style."""
    context = browser.new_context()
    page = context.new_page()
    requests, complaints = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(site + path, wait_until="networkidle")
    assert requests == [site + path]
    # Chromium itself reports the status.
    assert [text for text in complaints if "Failed to load resource" not in text] == []
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none"
    context.close()


def test_without_scripts(opened, site):
    """Where scripts are switched off, everything is there and works."""
    page = opened(f"{site}/404", java_script_enabled=False)
    assert page.locator("h1").inner_text().split() == ["404", "Not", "Found"]
    page.get_by_label("Search this site").fill("shoes & socks")
    page.get_by_role("button", name="Search").click()
    assert page.url == f"{site}/search?q=shoes+%26+socks"
    page.get_by_role("link", name="Home page").click()
    assert page.url == f"{site}/"


def test_by_keyboard(opened, site):
    """Everything that can be pressed is reached by keyboard, in the order of the page, and seen."""
    page = opened(f"{site}/404")
    reached = []
    for _ in range(3):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.tagName"))
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(outline) == "solid"
    assert reached == ["INPUT", "BUTTON", "A"]


def test_incident_is_selected_at_once(opened, site):
    """One click selects the whole id, for the person who has to tell it to somebody."""
    page = opened(f"{site}/500")
    incident = page.locator("code").inner_text()
    page.locator("code").click()
    assert page.evaluate("getSelection().toString()") == incident


def test_document_for_programs(opened, site):
    """A script of the site's own finds the problem document in the page."""
    page = opened(f"{site}/403?message=%3C/script%3E%3Cscript%3E")
    found = page.evaluate(
        "JSON.parse(document.querySelector('script[type=\"application/problem+json\"]').text)"
    )
    assert found == {"title": "Forbidden", "status": 403, "detail": "</script><script>"}
