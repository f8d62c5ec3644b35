"""Bakery: a site whose failures are pages of its own.

Start it with ``flask --app examples/bakery run``, or with ``BAKERY_CLOSED=true`` before that.
"""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from flask_httpstatus import (
    Failures,
    Flask,
    Gone,
    Issue,
    NotFound,
    ServiceUnavailable,
    UnprocessableContent,
    http,
    redirect,
)

BREADS = {"rye": "Dark, with a crust.", "wheat": "Light, for today."}
NO_MORE = {"spelt"}


def create_app() -> Flask:
    """Return the site."""
    app = Flask(__name__)
    app.config["CLOSED"] = False
    app.config.from_prefixed_env("BAKERY")
    # Whoever has no preference gets a page; a program that asks for JSON gets that. The layout is
    # in English, and so are the failures in it.
    app.register_extension(Failures(formats=["html", "problem"], languages=["en"]))

    @app.before_request
    def open_the_door() -> None:
        if app.config["CLOSED"] and request.endpoint != "static":
            raise ServiceUnavailable("The oven is cold.", retry_after=3600)

    @app.get("/")
    def index() -> str:
        return render_template("index.html", breads=BREADS)

    @app.get("/breads/<name>")
    def bread(name: str) -> str:
        Gone.when(name in NO_MORE, "We do not bake this bread any more.")
        text = NotFound.unless(BREADS.get(name), "We have never baked this bread.")
        return render_template("bread.html", name=name, text=text)

    @app.route("/order", methods=["GET", "POST"])
    def order() -> ResponseReturnValue:
        if request.method == "GET":
            return render_template("order.html")
        errors = mistakes()
        UnprocessableContent.when(errors, "Please check the order.", errors=errors)
        return redirect(url_for("thanks"), http.SEE_OTHER)

    @app.get("/thanks")
    def thanks() -> str:
        return render_template("thanks.html")

    @app.post("/text")
    def text() -> ResponseReturnValue:
        """Change the size of the text, and lead back to the page that this was asked on."""
        answer = redirect(request.form.get("back"), http.SEE_OTHER, fallback=url_for("index"))
        answer.set_cookie("text", request.form.get("size", "normal"), samesite="Lax")
        return answer

    return app


def mistakes() -> list[Issue]:
    """Return what is wrong with the order."""
    found: list[Issue] = []
    if request.form.get("bread") not in BREADS:
        found.append(Issue("must be one of ours", parameter="bread"))
    if request.form.get("number") not in {"1", "2", "3"}:
        found.append(Issue("must be 1, 2 or 3", parameter="number"))
    return found
