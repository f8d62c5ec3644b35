"""How the documentation is built."""

import os
from importlib import metadata
from pathlib import Path
from typing import Any

import flask_httpstatus
from flask_httpstatus import KINDS, http

project = "Flask-HTTPStatus"
author = "The Flask-HTTPStatus authors"
release = metadata.version("Flask-HTTPStatus")
extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "Flask-HTTPStatus"
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_preserve_defaults = True
# What other projects document is not looked up, so that the docs can be built without a network.
nitpick_ignore_regex = [
    (r"py:.*", r"(werkzeug|flask|jinja2|markupsafe|blinker|click|http|datetime)\..*"),
    (r"py:.*", r"(collections|typing|types|os|enum|dataclasses|logging|_typeshed)\..*"),
    (r"py:.*", r"(\w+Error|Any|T|P|R|E|F|X|Self|Never|Response)"),
    # What is not public has no entry.
    (r"py:.*", r"flask_httpstatus\.\w+\.([A-Z]|_\w+|LazyText|StatusOfKind)"),
]


def constants(status: http.Status) -> list[str]:
    """Return what a status is called in the module of the status codes, or in UnofficialStatus."""
    named = (http if isinstance(status, http.HTTPStatus) else http.UnofficialStatus).__dict__
    return [name for name, one in named.items() if name.isupper() and one is status]


def kinds() -> str:
    """Return the entries of the kinds in the reference, under the names they are imported by."""
    kinds = KINDS.values()
    named = [name for name, one in vars(flask_httpstatus).items() if one in kinds]
    lines = ["```{eval-rst}", ".. currentmodule:: flask_httpstatus"]
    for name in dict.fromkeys([*(kind.__name__ for kind in kinds), *named]):
        lines += ["", f".. autoexception:: {name}", "   :members:", "   :show-inheritance:"]
        # What Failure has is described there.
        lines.append("   :exclude-members: challenge_header, remedy, retryable")
    return "\n".join([*lines, "```", ""])


def statuses() -> str:
    """Return the table of all statuses, made from the facts."""
    lines = [
        "| code | phrase | constant | kind | what it means | headers | cached | retry | source |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for status in (*http.HTTPStatus, *http.UnofficialStatus):
        facts = http.facts(status)
        source = facts.vendor or facts.reference or ""
        lines.append(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |".format(
                int(status),
                facts.phrase,
                ", ".join(f"`{name}`" for name in constants(status)),
                f"`{KINDS[status].__name__}`" if status in KINDS else "",
                facts.description,
                ", ".join(f"{one.name} ({one.level})" for one in facts.required_headers),
                "yes" if facts.heuristically_cacheable else "",
                {True: "yes", False: "no", None: ""}[facts.retryable],
                f"[{source}]({facts.url})" if facts.url else source,
            )
        )
    return "\n".join(lines) + "\n"


def write_generated(_: object) -> None:
    """Write what is made of the registry where the pages include it."""
    folder = Path(__file__).parent / "_build"
    folder.mkdir(exist_ok=True)
    for name, text in (("statuses.md", statuses()), ("kinds.md", kinds())):
        # At once, for another build may be reading it.
        written = folder / f"{name}.{os.getpid()}"
        written.write_text(text, "utf-8")
        written.replace(folder / name)


def without_aliases(*event: Any) -> bool | None:
    """Leave out what a named tuple says of its fields, whose meaning stands above them."""
    *_, field, _, _ = event
    return True if str(field.__doc__).startswith("Alias for field number") else None


def setup(app: Any) -> None:
    """Have them made before the pages are read."""
    app.connect("builder-inited", write_generated)
    app.connect("autodoc-skip-member", without_aliases)
