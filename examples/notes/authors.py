"""Authors: who may write, and how they are known."""

import sqlite3
from typing import Any

from werkzeug.security import check_password_hash, generate_password_hash

from flask_httpstatus import Conflict

from .db import execute
from .fields import texts


def add_author(data: Any) -> str:
    """Add an author and return the name."""
    username, password = texts(data, username=40, password=100)
    with Conflict.on(sqlite3.IntegrityError, "This name is taken, choose another one."):
        execute("INSERT INTO author VALUES (?, ?)", username, generate_password_hash(password))
    return username


def known_author(username: str | None, password: str | None) -> str | None:
    """Return the name, if there is an author with this name and password."""
    author = execute("SELECT * FROM author WHERE username = ?", username).fetchone()
    known = author and check_password_hash(author["password"], password or "")
    return username if known else None
