"""Pages: the notes for people."""

from flask import Blueprint, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from flask_httpstatus import Conflict, Failure, Found, UnprocessableContent, http, redirect

from . import authors, model

pages = Blueprint("pages", __name__)


def author() -> str:
    """Return who is logged in; whoever is not is sent to the login page, and back from there."""
    username: str | None = session.get("author")
    if username is None:
        raise Found(url_for("pages.login", next=request.path))
    return username


@pages.errorhandler(Conflict)
@pages.errorhandler(UnprocessableContent)
def form_again(failure: Failure) -> ResponseReturnValue:
    """Show the form again, with what was typed and what is wrong with it."""
    return render_template(f"{request.endpoint}.html", failure=failure), failure.status


@pages.get("/")
def index() -> str:
    return render_template("pages.index.html", notes=model.all_notes())


@pages.get("/notes/<note_id>")
def show(note_id: str) -> str:
    return render_template("pages.show.html", note=model.find_note(note_id))


@pages.route("/notes/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    username = author()
    if request.method == "GET":
        return render_template("pages.new.html")
    note = model.add_note(username, request.form)
    return redirect(url_for(".show", note_id=note["id"]), http.SEE_OTHER)


@pages.route("/notes/<note_id>/edit", methods=["GET", "POST"])
def edit(note_id: str) -> ResponseReturnValue:
    note = model.own_note(note_id, author())
    if request.method == "GET":
        return render_template("pages.edit.html", note=note)
    if "delete" in request.form:
        model.delete_note(note)
        return redirect(url_for(".index"), http.SEE_OTHER)
    model.change_note(note, request.form)
    return redirect(url_for(".show", note_id=note_id), http.SEE_OTHER)


@pages.route("/join", methods=["GET", "POST"])
def join() -> ResponseReturnValue:
    if request.method == "GET":
        return render_template("pages.join.html")
    return welcome(authors.add_author(request.form))


@pages.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    if request.method == "GET":
        return render_template("pages.login.html")
    username = authors.known_author(request.form.get("username"), request.form.get("password"))
    return welcome(UnprocessableContent.unless(username, "Name and password do not match."))


def welcome(username: str) -> ResponseReturnValue:
    """Log the author in, and lead to where that was asked for, if it is on this site."""
    session["author"] = username
    return redirect(request.args.get("next"), http.SEE_OTHER, fallback=url_for(".index"))


@pages.post("/logout")
def logout() -> ResponseReturnValue:
    session.clear()
    return redirect(url_for(".index"), http.SEE_OTHER)


@pages.get("/demo/bug")
def bug() -> str:
    """Fail, to show what a bug in an application looks like from outside."""
    return str(1 / 0)
