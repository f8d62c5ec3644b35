"""Guestbook: a form in HTML, checked by Flask-WTF, for people and for programs.

Start it with ``flask --app examples/guestbook_wtf run``. Set ``GUESTBOOK_SECRET_KEY`` for forms
that outlive the process.
"""

import secrets

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from flask_httpstatus import Failures, Flask, UnprocessableContent, http, redirect
from flask_httpstatus.readers import issues


class Entry(FlaskForm):
    """What a guest writes."""

    name = StringField("Name", [InputRequired("Please tell us your name."), Length(max=40)])
    text = TextAreaField("Text", [InputRequired("Please write something.")])


def create_app() -> Flask:
    """Return the application with an empty book."""
    app = Flask(__name__)
    app.secret_key = secrets.token_hex()
    app.config.from_prefixed_env("GUESTBOOK")
    app.register_extension(Failures(formats=["html", "problem", "text"]))
    CSRFProtect(app)
    book: list[tuple[str, str]] = []

    @app.get("/")
    def show() -> ResponseReturnValue:
        return render_template("guestbook.html", form=Entry(), book=book)

    @app.post("/")
    def sign() -> ResponseReturnValue:
        form = Entry()
        if form.validate():
            book.append((form.name.data or "", form.text.data or ""))
            return redirect(url_for("show"), http.SEE_OTHER)
        if request.accept_mimetypes.accept_html:
            # A person gets the form back, filled in, with each mistake beside its field.
            page = render_template("guestbook.html", form=form, book=book)
            return page, http.UNPROCESSABLE_CONTENT
        raise UnprocessableContent("Please check the form.", errors=issues(form))

    return app
