"""Library: a SQLAlchemy application that blames the client for what is the client's doing.

Start it with ``flask --app examples/library_sqlalchemy run``. It runs on SQLite, PostgreSQL with
psycopg, and MySQL with PyMySQL or mysqlclient; ``LIBRARY_URL`` says where.
"""

import os
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from flask_httpstatus import Failures, Flask, http

from .models import Base, Book
from .translations import translate


def create_app(url: str | None = None, **options: Any) -> Flask:
    """Return the application on a database; the options are those of ``create_engine``."""
    app = Flask(__name__)
    translate(app.register_extension(Failures()))
    engine = create_engine(
        url or os.environ.get("LIBRARY_URL", "sqlite:///library.sqlite"), **options
    )
    Base.metadata.create_all(engine)
    sessions = app.extensions["library"] = sessionmaker(engine)

    @app.get("/books/<isbn>")
    def show(isbn: str) -> ResponseReturnValue:
        with sessions() as session:
            return session.scalars(select(Book).where(Book.isbn == isbn)).one().document()

    @app.put("/books/<isbn>")
    def rename(isbn: str) -> ResponseReturnValue:
        with sessions.begin() as session:
            book = session.scalars(select(Book).where(Book.isbn == isbn)).one()
            book.title = request.get_json()["title"]
        return "", http.NO_CONTENT

    @app.post("/books")
    def add() -> ResponseReturnValue:
        given = request.get_json()
        # Committed here: what fails now, fails before there is an answer.
        with sessions.begin() as session:
            session.add(Book(isbn=given["isbn"], title=given["title"]))
        return "", http.CREATED

    return app
