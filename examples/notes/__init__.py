"""Notes: a small application whose every failure is a raised one."""

import secrets
from pathlib import Path

from flask_httpstatus import Failures, Flask, ServiceUnavailable
from flask_httpstatus.pages import pages as problem_pages

from . import db
from .api import api
from .model import NotebookFull
from .pages import pages


def create_app(folder: str | None = None) -> Flask:
    """Return the application, which keeps its files in the folder."""
    app = Flask(__name__, instance_path=folder)
    app.config.from_mapping(
        # Set NOTES_SECRET_KEY for sessions that outlive the process.
        SECRET_KEY=secrets.token_hex(),
        SESSION_COOKIE_SAMESITE="Lax",
        # Programs get problem documents. Of the pages, curl takes anything and so gets text;
        # browsers ask for HTML first.
        FAILURES_FORMATS={"/api/": ["problem"], "/": ["text", "html", "problem"]},
    )
    app.config.from_prefixed_env("NOTES")
    app.register_extension(Failures(problems=[NotebookFull]))
    app.register_blueprint(pages)
    app.register_blueprint(api)
    app.register_blueprint(problem_pages, url_prefix="/problems")
    app.teardown_appcontext(db.close)

    @app.before_request
    def tidy_up() -> None:
        """Let nobody in while there is a file named "closed" in the folder."""
        closed = Path(app.instance_path, "closed").exists()
        ServiceUnavailable.when(closed, "We are tidying up.", retry_after=120)

    return app
