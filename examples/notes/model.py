"""Model: authors and their notes, for the pages and the API alike."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from werkzeug.security import check_password_hash, generate_password_hash

from flask_httpstatus import BadRequest, Conflict, Forbidden, Issue, NotFound, UnprocessableContent

from .db import execute


def add_author(data: Any) -> str:
    """Add an author and return the name."""
    username, password = texts(data, username=40, password=100)
    try:
        execute("INSERT INTO author VALUES (?, ?)", username, generate_password_hash(password))
    except sqlite3.IntegrityError as error:
        raise Conflict("This name is taken, choose another one.") from error
    return username


def known_author(username: str | None, password: str | None) -> str | None:
    """Return the name, if there is an author with this name and password."""
    author = execute("SELECT * FROM author WHERE username = ?", username).fetchone()
    known = author and check_password_hash(author["password"], password or "")
    return username if known else None


def all_notes() -> list[sqlite3.Row]:
    """Return the notes, the latest first."""
    return execute("SELECT * FROM note ORDER BY id DESC").fetchall()


def find_note(note_id: object) -> sqlite3.Row:
    """Return the note with this id."""
    note: sqlite3.Row | None = execute("SELECT * FROM note WHERE id = ?", note_id).fetchone()
    return NotFound.unless(note, "There is no such note.")


def own_note(note_id: str, author: str) -> sqlite3.Row:
    """Return the note with this id, for its author to change."""
    note = find_note(note_id)
    Forbidden.when(note["author"] != author, "This note is somebody else's.")
    return note


def add_note(author: str, data: Any) -> sqlite3.Row:
    """Add a note and return it."""
    title, text = texts(data, title=80, text=2000)
    sql = "INSERT INTO note (author, title, text) VALUES (?, ?, ?)"
    return find_note(execute(sql, author, title, text).lastrowid)


def change_note(note: sqlite3.Row, data: Any) -> sqlite3.Row:
    """Give the note another title and text, and return it."""
    title, text = texts(data, title=80, text=2000)
    execute("UPDATE note SET title = ?, text = ? WHERE id = ?", title, text, note["id"])
    return find_note(note["id"])


def delete_note(note: sqlite3.Row) -> None:
    """Delete the note."""
    execute("DELETE FROM note WHERE id = ?", note["id"])


def texts(data: Any, **longest: int) -> list[str]:
    """Return the texts of these fields, if all are there and none is too long."""
    BadRequest.unless(isinstance(data, Mapping), "Send a JSON object.")
    found: list[str] = []
    errors: list[Issue] = []
    for name, length in longest.items():
        text = data.get(name)
        if isinstance(text, str) and 0 < len(text.strip()) <= length:
            # JSON can spell half a character, which SQLite would refuse.
            found.append(text.strip().encode(errors="replace").decode())
        else:
            detail = f"must be a text of 1 to {length} characters"
            errors.append(Issue(detail, pointer=f"#/{name}"))
    UnprocessableContent.when(errors, "That cannot be saved.", errors=errors)
    return found
