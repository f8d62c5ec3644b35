"""Chromium shows the failures of the notes application as pages."""

import html
import json
import re
import shutil
import subprocess
import urllib.request
from base64 import b64encode
from pathlib import Path

import pytest
from test_examples import serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium; `apt-get install chromium` brings it"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return the folder of the running application."""
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def server(folder):
    """Return the address of a running application."""
    with serving(folder) as address:
        yield address


@pytest.fixture
def visit(tmp_path):
    """Return a function that opens a page in a fresh browser and returns its document."""

    def visit(url):
        browser = subprocess.run(
            [
                *(CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
                *("--no-first-run", "--disable-background-networking", "--disable-sync"),
                *("--disable-component-update", "--disable-dev-shm-usage"),
                *(f"--user-data-dir={tmp_path / 'browser'}", "--virtual-time-budget=5000"),
                *("--dump-dom", url),
            ],
            capture_output=True,
            check=True,
            timeout=120,
            text=True,
        )
        return browser.stdout

    return visit


def headings(document):
    """Return the text of each heading of the first level."""
    found = re.findall("<h1[^>]*>(.*?)</h1>", document, re.DOTALL)
    return [" ".join(re.sub("<[^>]*>", " ", heading).split()) for heading in found]


@pytest.mark.parametrize(
    ("path", "heading", "message"),
    [
        ("/notes/7", "404 Not Found", "There is no such note."),
        ("/logout", "405 Method Not Allowed", ""),
        ("/demo/bug", "500 Internal Server Error", ""),
    ],
)
def test_page(server, visit, path, heading, message):
    """A failure is a page with the status as its heading and title, and the message."""
    document = visit(server + path)
    assert headings(document) == [heading]
    assert f"<title>{heading}</title>" in document
    assert message in document
    assert "ZeroDivisionError" not in document


def test_closed(server, folder, visit):
    """Maintenance is a page, too."""
    Path(folder, "closed").touch()
    try:
        document = visit(f"{server}/")
    finally:
        Path(folder, "closed").unlink()
    assert headings(document) == ["503 Service Unavailable"]
    assert "We are tidying up." in document


def test_login_page(server, visit):
    """Whoever has to log in is led to the form."""
    assert headings(visit(f"{server}/notes/new")) == ["Log in"]


def submitting(folder, action, **fields):
    """Return the address of a page that sends a form as soon as it is opened."""
    inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in fields.items())
    page = folder / "form.html"
    page.write_text(
        f'<!doctype html><form method="post" action="{action}">{inputs}</form>'
        "<script>document.forms[0].submit()</script>"
    )
    return page.as_uri()


def test_forms(server, visit, tmp_path):
    """A form leads on to the next page, to the form again or to the failure."""
    join = f"{server}/join?next=/notes/new"
    document = visit(submitting(tmp_path, join, username="ada", password="lovelace"))
    assert headings(document) == ["Write a note"]
    assert '<p role="alert">This name is taken, choose another one.</p>' in visit(
        submitting(tmp_path, join, username="ada", password="x")
    )
    write = urllib.request.Request(
        f"{server}/api/notes",
        b'{"title": "Milk", "text": "two bottles"}',
        {
            "Content-Type": "application/json",
            "Authorization": f"Basic {b64encode(b'ada:lovelace').decode()}",
        },
    )
    with urllib.request.urlopen(write, timeout=30) as answer:
        note = json.load(answer)
    document = visit(
        submitting(
            tmp_path, f"{server}/join?next=/notes/{note['id']}/edit", username="bob", password="b"
        )
    )
    assert headings(document) == ["403 Forbidden"]
    assert "This note is somebody else's." in html.unescape(document)
