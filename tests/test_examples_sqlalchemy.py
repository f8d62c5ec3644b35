"""The library, on SQLite and on a PostgreSQL of its own."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pymysql
import pytest
import sqlalchemy
from flask.cli import ScriptInfo
from sqlalchemy import event, exc, insert, text
from sqlalchemy.orm import Session

LIBRARY = Path(__file__).resolve().parents[1] / "examples" / "library_sqlalchemy"
TEA = {"isbn": "9780000000001", "title": "The Book of Tea"}
TIMEOUT = 60


def postgresql_binaries():
    """Return the folder of the newest PostgreSQL on this machine."""
    on_path = shutil.which("initdb")
    found = [Path(on_path)] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.fixture(scope="session")
def postgresql():
    """Return the URL of a database in a cluster of its own, which listens on no network."""
    binaries = postgresql_binaries()
    if binaries is None:
        pytest.skip("there is no initdb of PostgreSQL on this machine")
    # PostgreSQL refuses to run as root, and its socket needs a short path.
    owner = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    folder = Path(tempfile.mkdtemp(prefix="library", dir="/tmp"))
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)

    def run(program, *arguments):
        command = [binaries / program, "--pgdata", folder / "data", *arguments]
        with (folder / "log").open("ab") as log:
            subprocess.run(
                command, check=True, cwd=folder, stdout=log, stderr=log, timeout=TIMEOUT, **user
            )

    try:
        run("initdb", "--username=library", "--auth=trust", "--no-sync", "--encoding=UTF8")
        settings = f"-c listen_addresses= -c fsync=off -c unix_socket_directories={folder}"
        run("pg_ctl", "start", "--wait", "--timeout=30", "--options", settings)
        try:
            yield f"postgresql+psycopg://library@/postgres?host={folder}"
        finally:
            run("pg_ctl", "stop", "--mode=immediate")
    finally:
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, tmp_path):
    """Return the library on each database, empty."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'library.sqlite'}"
    else:
        url = request.getfixturevalue("postgresql")
        engine = sqlalchemy.create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE; CREATE SCHEMA public"))
        engine.dispose()
    options = "pool_size=1, max_overflow=0, pool_timeout=0.1"
    app = ScriptInfo(f"{LIBRARY}:create_app({url!r}, {options})").load_app()
    yield app
    app.extensions["library"].kw["bind"].dispose()


@pytest.fixture
def sessions(app):
    """Return what the library makes its sessions with."""
    return app.extensions["library"]


@pytest.fixture
def models(app):
    """Return the library's models."""
    return __import__(f"{app.import_name}.models", fromlist=["Book"])


def test_ordinary_life(client):
    """What is right is answered so."""
    assert client.post("/books", json=TEA).status_code == 201
    assert client.put(f"/books/{TEA['isbn']}", json={"title": "Tea"}).status_code == 204
    assert client.get(f"/books/{TEA['isbn']}").json == {**TEA, "title": "Tea", "copies": 1}


def test_no_row(client):
    """A row that there is not is a 404 that tells nothing of the database."""
    for response in (client.get("/books/x"), client.put("/books/x", json={"title": "x"})):
        assert response.json == {
            "title": "Not Found",
            "status": 404,
            "detail": "There is no such book.",
        }


def test_unique_violation(client):
    """A value that is taken is a 409 that tells neither the value nor the statement."""
    client.post("/books", json=TEA)
    response = client.post("/books", json=TEA)
    assert (response.status_code, response.json["detail"]) == (409, "There is one already.")
    assert TEA["isbn"] not in response.text
    assert "INSERT" not in response.text
    assert client.get(f"/books/{TEA['isbn']}").status_code == 200


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"isbn": TEA["isbn"]}, 409),
        ({"id": 1}, 409),
        ({"title": None}, 500),
        ({"copies": -1}, 500),
    ],
)
def test_constraints_of_books(app, sessions, models, values, status):
    """Of all constraints only a unique one, the primary key among them, is the client's doing."""

    @app.post("/insert")
    def insert_book():
        with sessions.begin() as session:
            row = {"id": 2, "isbn": "x", "title": "x", "copies": 1, "version": 1, **values}
            session.execute(insert(models.Book).values(row))

    client = app.test_client()
    client.post("/books", json=TEA)
    response = client.post("/insert")
    assert response.status_code == status
    assert "books" not in response.text


def test_foreign_key(app, client, sessions, models):
    """A reference to what there is not is a 500: the application ought to have looked."""

    @app.post("/loans")
    def borrow():
        with sessions.begin() as session:
            if session.get_bind().dialect.name == "sqlite":
                session.execute(text("PRAGMA foreign_keys = ON"))
            session.add(models.Loan(book_id=99))

    assert client.post("/loans").status_code == 500


def test_stale_data(client, sessions, models):
    """A book that somebody else changed between reading and writing is a 409."""
    client.post("/books", json=TEA)
    # The other one's connection, besides the only one of the library's pool.
    url = sessions.kw["bind"].url
    other = sqlalchemy.create_engine(url)

    def change(*_):
        with other.begin() as connection:
            connection.execute(sqlalchemy.update(models.Book).values(version=7))

    event.listen(Session, "before_flush", change, once=True)
    response = client.put(f"/books/{TEA['isbn']}", json={"title": "Tea"})
    other.dispose()
    assert (response.status_code, response.json["detail"]) == (
        409,
        "Somebody else has changed it; load it again.",
    )
    assert client.put(f"/books/{TEA['isbn']}", json={"title": "Tea"}).status_code == 204


def test_pool_timeout(client, sessions):
    """While all connections are in use it is a 503 that says when to come again."""
    with sessions() as session:
        session.connection()
        response = client.get("/books/x")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "QueuePool" not in response.text
    assert client.get("/books/x").status_code == 404


@pytest.mark.parametrize(
    "statement", ["SELECT * FROM nowhere", "SELECT secret FROM books", "no SQL at all"]
)
def test_bugs(app, client, sessions, statement):
    """Whatever else SQLAlchemy raises is a mistake of ours, and nothing of it is shown."""

    @app.get("/bug")
    def bug():
        with sessions() as session:
            return session.execute(text(statement)).all()

    response = client.get("/bug")
    assert response.status_code == 500
    assert response.json.keys() == {"title", "status", "instance"}


def test_input_that_is_wrong(client):
    """A body without what is needed is a bug of this small application, not a conflict."""
    assert client.post("/books", json={**TEA, "title": None}).status_code == 500


@pytest.mark.parametrize(("code", "unique"), [(1062, True), (1452, False), (1048, False)])
def test_mysql(app, code, unique):
    """PyMySQL's own error for the server's packet is told by its code."""
    translations = __import__(f"{app.import_name}.translations", fromlist=["x"])
    packet = b"\xff" + code.to_bytes(2, "little") + b"#23000Duplicate entry 'x' for key 'isbn'"
    with pytest.raises(pymysql.err.IntegrityError) as caught:
        pymysql.err.raise_mysql_exception(packet)
    error = exc.IntegrityError("INSERT", {}, caught.value)
    assert translations.is_unique_violation(error) is unique
    assert bool(translations.conflict(error)) is unique
