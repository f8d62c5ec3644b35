"""What the tests of the page share: a real Chromium, and what is loaded into its pages."""

import shutil
import threading
from pathlib import Path

import pytest
from werkzeug.serving import make_server

MODULES = Path(__file__).parent / "node_modules"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
#: A new profile that speaks to nobody but the pages it is sent to.
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="module")
def browser():
    """Return a Chromium that is driven by Playwright.

    Not for the session: as long as it runs, no other test can run an event loop.
    """
    reason = "no Playwright; `pip install playwright` brings it, and needs no browser of its own"
    playwright = pytest.importorskip("playwright.sync_api", reason=reason)
    if CHROMIUM is None:
        pytest.skip("no chromium; `apt-get install chromium` brings it")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def module():
    """Return a function that gives the path of a file of a package from npm."""

    def path(name):
        if not (MODULES / name).exists():
            pytest.skip(f"no {name}; `npm install --prefix tests/browser` brings it")
        return MODULES / name

    return path


@pytest.fixture(scope="session")
def served():
    """Return a function that serves an application and gives its address."""
    servers = []

    def serve(app):
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server, thread in servers:
        server.shutdown()
        thread.join(timeout=20)
        server.server_close()


@pytest.fixture
def opened(browser):
    """Return a function that opens a page in a browser that is set up as given."""
    contexts = []

    def open_(url, **settings):
        contexts.append(browser.new_context(**settings))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe(module):
    """Return a function that has a page judged: its violations, and what axe could not decide."""
    script = module("axe-core/axe.min.js").read_text("utf-8")

    def judge(page):
        # Evaluated and not added to the page, whose policy would refuse it.
        page.evaluate(script)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations', 'incomplete']})")
        return [
            (rule["id"], node["html"], node["failureSummary"])
            for kind in ("violations", "incomplete")
            for rule in found[kind]
            for node in rule["nodes"]
        ]

    return judge


@pytest.fixture(scope="session")
def overflow():
    """Return a function that tells by how many pixels a page is wider than its window."""
    return lambda page: page.evaluate("document.documentElement.scrollWidth - innerWidth")
