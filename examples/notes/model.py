"""Model: the notes, for the pages and the API alike."""

import sqlite3
from typing import Any

from flask_httpstatus import Forbidden, NotFound, Problem

from .db import execute
from .fields import texts

#: How many notes an author may have.
LIMIT = 20


class NotebookFull(Problem, Forbidden):
    """You have as many notes as an author may have.

    Delete one, and there is room for another.
    """

    title = "There is no room for another note"
    message = "You have {limit} notes, and there is no room for more."
    limit: int


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
    written = execute("SELECT count(*) FROM note WHERE author = ?", author).fetchone()[0]
    NotebookFull.when(written >= LIMIT, limit=LIMIT)
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
