"""The notes application, by the test client and through the server of `flask run`."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.cli import ScriptInfo

from flask_httpstatus import (
    Conflict,
    Forbidden,
    Issue,
    NotFound,
    ServiceUnavailable,
    UnprocessableContent,
)
from flask_httpstatus.testing import assert_conforms, assert_failure

ROOT = Path(__file__).resolve().parents[1]
NOTES = ROOT / "examples" / "notes"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"
PROBLEM, HTML, TEXT = "application/problem+json", "text/html", "text/plain"
ADA = {"username": "ada", "password": "lovelace"}
BOB = {"username": "bob", "password": "b"}
MILK = {"title": "Milk", "text": "two bottles"}
TIMEOUT = 30


@pytest.fixture
def app(tmp_path):
    """Return the application as `flask --app` finds it, with a folder of its own."""
    return ScriptInfo(f"{NOTES}:create_app({str(tmp_path / 'files')!r})").load_app()


@pytest.fixture
def note(client):
    """Join as Ada and Bob, and write a note as Ada."""
    assert client.post("/api/authors", json=ADA).status_code == 201
    assert client.post("/api/authors", json=BOB).status_code == 201
    answer = client.post("/api/notes", json=MILK, auth=("ada", "lovelace"))
    assert answer.status_code == 201
    return client.get(answer.location).json


@contextmanager
def running(app, log, folder=ROOT, env=os.environ):
    """Run an application by `flask run` in the folder, on a free port, and yield its address."""
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", app, "run", "--port=0"],
            cwd=folder,
            env={**env, "NO_COLOR": "1"},
            stderr=out,
            stdout=subprocess.DEVNULL,
        )
    try:
        yield address_in(log, process)
    finally:
        process.terminate()
        process.wait(TIMEOUT)


def address_in(log, process):
    """Return the address that a starting application writes into its log."""
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end and process.poll() is None:
        if address := re.search(r"http://127\.0\.0\.1:\d+\n", log.read_text()):
            return address[0].strip()
        time.sleep(0.05)
    raise AssertionError(log.read_text())


def serving(folder):
    """Run the application as the README does, with its files in the folder."""
    return running(f"examples/notes:create_app({str(folder)!r})", folder / "log")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Return the address of a running application."""
    with serving(tmp_path_factory.mktemp("served")) as address:
        yield address


MISSING = "There is no such note."
LOGIN = "Send the name and password of an author."
MILK_JSON = {"data": json.dumps(MILK), "content_type": "application/json"}

#: What is asked: method, path, Accept, body. What is answered: status, type, message, headers.
FAILURES = [
    (("GET", "/api/notes/7", "*/*"), (404, PROBLEM, MISSING, {})),
    (("GET", "/api/notes/7", BROWSER), (404, PROBLEM, MISSING, {})),
    (("GET", "/api/notes/" + "9" * 30, "*/*"), (404, PROBLEM, MISSING, {})),
    (("GET", "/notes/7", BROWSER), (404, HTML, MISSING, {})),
    (("GET", "/notes/7", "*/*"), (404, TEXT, MISSING, {})),
    (("GET", "/notes/7", "application/json"), (404, PROBLEM, MISSING, {})),
    (("GET", "/nothing", BROWSER), (404, HTML, "", {})),
    (("GET", "/api/nothing", BROWSER), (404, PROBLEM, "", {})),
    (("HEAD", "/api/nothing", "*/*"), (404, PROBLEM, "", {})),
    (("GET", "/logout", BROWSER), (405, HTML, "", {"Allow": "OPTIONS, POST"})),
    (("PATCH", "/api/notes", "*/*"), (405, PROBLEM, "", {"Allow": "GET, HEAD, OPTIONS, POST"})),
    (("POST", "/api/authors", "*/*", {"data": "{}"}), (415, PROBLEM, "application/json", {})),
    (("POST", "/api/authors", "*/*", {**MILK_JSON, "data": "{"}), (400, PROBLEM, "", {})),
    (("POST", "/api/authors", "*/*", {"json": []}), (400, PROBLEM, "Send a JSON object.", {})),
    (("POST", "/api/authors", "*/*", MILK_JSON), (422, PROBLEM, "That cannot be saved.", {})),
    (
        ("POST", "/api/notes", "*/*", MILK_JSON),
        (401, PROBLEM, LOGIN, {"WWW-Authenticate": "Basic realm=notes"}),
    ),
    (("GET", "/demo/bug", BROWSER), (500, HTML, "", {})),
    (("GET", "/demo/bug", "*/*"), (500, TEXT, "", {})),
]


@pytest.mark.parametrize(("asked", "answered"), FAILURES)
def test_failure(client, asked, answered):
    """Every failure has its status, format, message and headers, and tells nothing more."""
    method, path, accept, *body = asked
    status, media_type, message, headers = answered
    answer = client.open(path, method=method, headers={"Accept": accept}, **dict(*body))
    assert (answer.status_code, answer.mimetype) == (status, media_type)
    assert_conforms(answer)
    assert {name: answer.headers.get(name) for name in headers} == headers
    assert ("Accept" in answer.vary) == (not path.startswith("/api/"))
    assert (answer.text == "") == (method == "HEAD")
    if method != "HEAD":
        assert str(status) in answer.text
        assert message in answer.text
        assert not re.search("Traceback|ZeroDivision|sqlite|Error:", answer.text)


def test_issues(client):
    """Bad input is answered with one issue for each field, which does not repeat the value."""
    answer = client.post("/api/authors", json={"username": "x" * 41, "password": " "})
    issues = [
        Issue("must be a text of 1 to 40 characters", pointer="#/username"),
        Issue("must be a text of 1 to 100 characters", pointer="#/password"),
    ]
    assert_failure(answer, UnprocessableContent, errors=issues)


def test_half_a_character(client, note):
    """What JSON can spell and SQLite cannot store is no failure of the server."""
    answer = client.post("/api/notes", json={**MILK, "title": "\ud800"}, auth=("ada", "lovelace"))
    assert (answer.status_code, answer.json["title"]) == (201, "?")


def test_name_taken(client, note):
    """A name that another author has is a conflict, for programs and for people."""
    answer = client.post("/api/authors", json={**ADA, "password": "x"})
    assert_failure(answer, Conflict, "This name is taken, choose another one.")
    answer = client.post("/join", data=ADA)
    assert (answer.status_code, answer.mimetype) == (409, HTML)
    assert '<p role="alert">This name is taken, choose another one.</p>' in answer.text
    assert 'value="ada"' in answer.text
    assert "lovelace" not in answer.text


@pytest.mark.parametrize("auth", [("ada", "wrong"), ("nobody", "lovelace"), ("ada", "")])
def test_wrong_password(client, note, auth):
    """Whoever is not known has to log in, however it was tried."""
    answer = client.delete(f"/api/notes/{note['id']}", auth=auth)
    assert (answer.status_code, answer.www_authenticate.type) == (401, "basic")
    answer = client.post("/login", data=dict(zip(ADA, auth, strict=True)))
    assert (answer.status_code, answer.mimetype) == (422, HTML)
    assert "Name and password do not match." in answer.text


def test_somebody_elses_note(client, note):
    """Only its author may change or delete a note."""
    for method in ("PUT", "DELETE"):
        answer = client.open(
            f"/api/notes/{note['id']}", method=method, json=MILK, auth=("bob", "b")
        )
        assert_failure(answer, Forbidden, "This note is somebody else's.")
    client.post("/login", data=BOB)
    for method in ("GET", "POST"):
        answer = client.open(f"/notes/{note['id']}/edit", method=method, data={"delete": ""})
        assert (answer.status_code, answer.mimetype) == (403, TEXT)
    assert client.get(f"/api/notes/{note['id']}").json == note


def test_full(client, note):
    """An author has twenty notes at most, which a program can tell from other failures of 403."""
    full = client.application.view_functions["api.new"].__globals__["model"].NotebookFull
    for _ in range(19):
        answer = client.post("/api/notes", json=MILK, auth=("ada", "lovelace"))
        assert answer.status_code == 201
    answer = client.post("/api/notes", json=MILK, auth=("ada", "lovelace"))
    assert assert_failure(answer, full, "You have 20 notes, and there is no room for more.").limit
    assert "Delete one" in client.get(answer.json["type"], headers={"Accept": BROWSER}).text
    assert client.post("/api/notes", json=MILK, auth=("bob", "b")).status_code == 201
    client.post("/login", data=ADA)
    answer = client.post("/notes/new", data=MILK, headers={"Accept": BROWSER})
    assert (answer.status_code, answer.mimetype) == (403, HTML)
    assert "You have 20 notes" in answer.text
    client.delete(f"/api/notes/{note['id']}", auth=("ada", "lovelace"))
    assert client.post("/notes/new", data=MILK).status_code == 303


@pytest.mark.parametrize("path", ["/notes/7", "/nothing"])
def test_own_page(client, path):
    """What is not found leads to all notes."""
    answer = client.get(path, headers={"Accept": BROWSER})
    assert 'Here are <a href="/">all notes</a>.' in answer.text
    assert "<h1><span>404</span> Not Found</h1>" in answer.text


def test_api(client, note):
    """An author can change and delete a note."""
    path, auth = f"/api/notes/{note['id']}", ("ada", "lovelace")
    assert client.get("/api/notes").json == [note]
    changed = client.put(path, json={**MILK, "text": "three"}, auth=auth)
    assert changed.json == {**note, "text": "three"} == client.get(path).json
    assert client.delete(path, auth=auth).status_code == 204
    assert_failure(client.get(path), NotFound, MISSING)


def test_pages(client):
    """Without a login one is led to it and back; every form leads to a page by GET."""
    assert "There is none yet." in client.get("/").text
    answer = client.get("/notes/new")
    assert (answer.status_code, answer.location) == (302, "/login?next=/notes/new")
    assert "Join" in client.get(answer.location).text
    answer = client.post("/join?next=/notes/new", data=ADA)
    assert (answer.status_code, answer.location) == (303, "/notes/new")
    answer = client.post("/notes/new", data={**MILK, "title": "<b>Milk"})
    assert (answer.status_code, answer.location) == (303, "/notes/1")
    assert "<h1>&lt;b&gt;Milk</h1>" in client.get("/notes/1").text
    assert "two bottles</textarea>" in client.get("/notes/1/edit").text
    assert client.post("/notes/1/edit", data=MILK).location == "/notes/1"
    assert '<a href="/notes/1">Milk</a> by ada' in client.get("/").text
    answer = client.post("/notes/1/edit", data={"delete": ""})
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/notes/1").status_code == 404
    assert client.post("/logout").status_code == 303
    assert client.get("/notes/new").status_code == 302


@pytest.mark.parametrize("path", ["/notes/new", "/notes/1/edit"])
def test_form_again(client, note, path):
    """A form with a mistake is shown again, with what was typed and what is wrong with it."""
    client.post("/login", data=ADA)
    answer = client.post(path, data={"title": "", "text": "a <b>\nb"})
    assert (answer.status_code, answer.mimetype) == (422, HTML)
    assert "a &lt;b&gt;\nb</textarea>" in answer.text
    assert 'aria-invalid="true" aria-describedby="title-issue"' in answer.text
    assert "Title must be a text of 1 to 80 characters." in answer.text
    assert "Text must be" not in answer.text


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_next_stays_on_the_site(client, note, target):
    """After the login one is not led to another site, but to the list of notes."""
    answer = client.post("/login", query_string={"next": target}, data=ADA)
    assert (answer.status_code, answer.location) == (303, "/")


def test_closed(app, client, note):
    """While the file "closed" is there, everything is answered with 503 and when to come back."""
    closed = Path(app.instance_path, "closed")
    closed.touch()
    for path in ("/", "/api/notes", "/nothing", "/demo/bug"):
        answer = client.get(path)
        assert_failure(answer, ServiceUnavailable, retry_after=120)
        assert "We are tidying up." in answer.text
    closed.unlink()
    assert client.get("/").status_code == 200


def test_file_at_first_use(app, client):
    """The database is made when it is first asked, not before."""
    database = Path(app.instance_path, "notes.sqlite")
    client.get("/login")
    assert not database.exists()
    client.get("/")
    assert database.exists()


def curl(*arguments):
    """Ask with curl; return the status line, the headers and the body."""
    answer = subprocess.run(
        ["curl", "--silent", "--show-error", "--include", "--max-time", str(TIMEOUT), *arguments],
        capture_output=True,
        check=True,
        timeout=2 * TIMEOUT,
    )
    head, _, body = answer.stdout.decode().partition("\r\n\r\n")
    status, *headers = head.split("\r\n")
    return status, dict(line.split(": ", 1) for line in headers), body


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl; `apt-get install curl` does it")
def test_curl(server):
    """Real curl gets text from the pages, problem documents from the API, and the headers."""
    status, headers, body = curl(f"{server}/notes/7")
    assert status == "HTTP/1.1 404 Not Found"
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert body == "404 Not Found\n\nThere is no such note.\n"

    status, headers, body = curl(f"{server}/api/notes/7")
    assert headers["Content-Type"] == "application/problem+json"
    assert json.loads(body) == {
        "title": "Not Found",
        "status": 404,
        "detail": "There is no such note.",
    }
    as_json = ["--header", "Content-Type: application/json", "--data"]
    author = json.dumps({"username": "curl", "password": "c"})
    assert curl(*as_json, author, f"{server}/api/authors")[0] == "HTTP/1.1 201 CREATED"
    status, headers, body = curl(*as_json, author, f"{server}/api/authors")
    assert status == "HTTP/1.1 409 Conflict"

    status, headers, body = curl(*as_json, json.dumps(MILK), f"{server}/api/notes")
    assert status == "HTTP/1.1 401 Unauthorized"
    assert headers["WWW-Authenticate"] == "Basic realm=notes"

    status, headers, body = curl("--user", "curl:c", *as_json, "{}", f"{server}/api/notes")
    assert status == "HTTP/1.1 422 Unprocessable Content"
    assert [error["pointer"] for error in json.loads(body)["errors"]] == ["#/title", "#/text"]

    status, headers, body = curl("--request", "DELETE", f"{server}/api/notes")
    assert status == "HTTP/1.1 405 Method Not Allowed"
    assert headers["Allow"] == "GET, HEAD, OPTIONS, POST"

    status, headers, body = curl("--head", f"{server}/nothing")
    assert (status, body) == ("HTTP/1.1 404 Not Found", "")

    status, headers, body = curl(f"{server}/demo/bug")
    assert status == "HTTP/1.1 500 Internal Server Error"
    assert "ZeroDivisionError" not in body


@pytest.mark.parametrize(
    ("accept", "media_type"), [(BROWSER, HTML), ("application/json", PROBLEM), ("*/*", TEXT)]
)
def test_urllib(server, accept, media_type):
    """Over the wire a page's failure comes in the format that was asked for."""
    request = urllib.request.Request(f"{server}/notes/7", headers={"Accept": accept})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=TIMEOUT)
    with caught.value as answer:
        assert (answer.code, answer.reason) == (404, "Not Found")
        assert answer.headers.get_content_type() == media_type
        assert "Accept" in answer.headers["Vary"].split(", ")
        assert "There is no such note." in answer.read().decode()
