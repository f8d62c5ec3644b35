"""How the documentation is built."""

from importlib.metadata import version

project = "Flask-HTTPStatus"
author = "The Flask-HTTPStatus authors"
release = version("Flask-HTTPStatus")
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
    (r"py:.*", r"(\w+Error|Any|T|P|R|E|F|X|Self|Never)"),
]
