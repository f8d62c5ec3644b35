"""Overrides: an application's own templates of the page."""

import logging
import pkgutil
from contextlib import suppress
from functools import cached_property

from flask import Flask
from jinja2 import ChoiceLoader, Environment, FunctionLoader, Template, TemplatesNotFound

log: logging.Logger = logging.getLogger(__package__)

#: What is logged of an application's template that fails.
BROKEN = "The template for %s failed; the built-in page is sent"
#: The name by which an application's template extends the template of the page.
PAGE = "failures/page.html"


def source(name: str) -> str | None:
    """Return the text of the template of the page, None for every other name."""
    if name != PAGE:
        return None
    return (pkgutil.get_data(__name__, f"templates/{PAGE}") or b"").decode()


class Overrides:
    """The templates of an application for its failures.

    :param app: is asked for its templates when it fails for the first time.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._found: dict[int, Template | None] = {}

    @cached_property
    def _environment(self) -> Environment:
        # An overlay, so that the application's own environment and its loaders stay as they are.
        # The page comes first, so that an application's template of that name can extend it.
        own = self._app.jinja_env
        page = FunctionLoader(source)
        return own.overlay(loader=ChoiceLoader([page, own.loader] if own.loader else [page]))

    def template_for(self, status: int) -> Template | None:
        """Return the template for the status, for its class or for all, None if there is none.

        One that cannot be read is logged, and counts as none.
        """
        try:
            return self._template(status)
        except Exception:
            log.exception(BROKEN, status)
            return None

    def is_built_in(self, status: int) -> bool:
        """Tell whether the page of this status is the built-in one, for good."""
        # What cannot be read now may be read later.
        with suppress(Exception):
            return not self._app.jinja_env.auto_reload and self._template(status) is None
        return False

    def _template(self, status: int) -> Template | None:
        if status in self._found:
            return self._found[status]
        names = [f"failures/{name}.html" for name in (status, f"{status // 100}xx", "failure")]
        try:
            template = self._environment.select_template(names)
        except TemplatesNotFound:
            template = None
        if not self._app.jinja_env.auto_reload:
            self._found[status] = template
        return template
