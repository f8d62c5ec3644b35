"""API: the notes for programs, below /api/."""

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import WWWAuthenticate

from flask_httpstatus import Unauthorized, http

from . import authors, model

api = Blueprint("api", __name__, url_prefix="/api")


class LoginNeeded(Unauthorized):
    """Raise for a request without the name and password of an author."""

    message = "Send the name and password of an author."
    challenge = WWWAuthenticate("basic", {"realm": "notes"})


def author() -> str:
    """Return who asks."""
    given = request.authorization
    known = authors.known_author(given.username, given.password) if given else None
    return LoginNeeded.unless(known)


@api.post("/authors")
def join() -> ResponseReturnValue:
    return {"username": authors.add_author(request.get_json())}, http.CREATED


@api.get("/notes")
def notes() -> list[dict[str, Any]]:
    return [dict(note) for note in model.all_notes()]


@api.post("/notes")
def new() -> ResponseReturnValue:
    note = model.add_note(author(), request.get_json())
    location = url_for(".show", note_id=note["id"])
    return dict(note), http.CREATED, {"Location": location}


@api.get("/notes/<note_id>")
def show(note_id: str) -> dict[str, Any]:
    return dict(model.find_note(note_id))


@api.put("/notes/<note_id>")
def edit(note_id: str) -> dict[str, Any]:
    note = model.own_note(note_id, author())
    return dict(model.change_note(note, request.get_json()))


@api.delete("/notes/<note_id>")
def delete(note_id: str) -> ResponseReturnValue:
    model.delete_note(model.own_note(note_id, author()))
    return "", http.NO_CONTENT
