"""Rendering: html, problem, text, markdown, xml: failure in, body out."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping

from markupsafe import escape

from .document import as_json, document, plain
from .failures import Failure
from .members import Json
from .negotiation import HTML, MARKDOWN, PROBLEM, TEXT, XML, Format
from .page import html
from .texts import printable

log: logging.Logger = logging.getLogger(__package__)

_LINE_END = r"\r\n?"
_INDENTATION = r"(?m)^[ \t]+"
#: Only punctuation can be escaped (CommonMark, Section 2.4): of "1. " it is the dot.
_MARKUP = r"(?m)^([0-9]+)([.)])(?=\s|$)|([\\`*_\[<&|~]|^(?:[=:#>]|[-+](?![0-9])))"
_XML_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"


def problem(failure: Failure) -> str:
    """Write the failure as ``application/problem+json`` (RFC 9457)."""
    return as_json(document(failure)) + "\n"


def text(failure: Failure) -> str:
    """Write the failure as plain text: the status, the message, a line for each member."""
    return "".join(_lines(document(failure), printable, "{}\n", "{}: {}\n"))


def markdown(failure: Failure) -> str:
    """Write the failure as Markdown, in which the message is text and no markup."""

    def escaped(value: str) -> str:
        return re.sub(_MARKUP, r"\1\\\2\3", re.sub(_INDENTATION, "", printable(value)))

    return "".join(_lines(document(failure), escaped, "# {}\n", "- **{}**: {}\n"))


def _lines(
    members: Mapping[str, Json], quoted: Callable[[str], str], heading: str, item: str
) -> Iterator[str]:
    def said(value: Json) -> str:
        return quoted(re.sub(_LINE_END, "\n", plain(value)))

    yield heading.format(said(f"{members['status']} {members['title']}"))
    if "detail" in members:
        yield f"\n{said(members['detail'])}\n"
    rest = {name: members[name] for name in members if name not in {"title", "status", "detail"}}
    if rest:
        yield "\n"
    for name, value in rest.items():
        for one in value if isinstance(value, list) else [value]:
            # Indented, so that a value of several lines forges no member.
            yield item.format(said(name), said(one).replace("\n", "\n  "))


def xml(failure: Failure) -> str:
    """Write the failure as ``application/problem+xml`` (RFC 9457, Appendix B)."""
    members = "".join(_elements(document(failure)))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<problem xmlns="urn:ietf:rfc:7807">{members}</problem>\n'
    )


def _elements(members: Mapping[str, Json]) -> Iterator[str]:
    for name, value in members.items():
        if re.fullmatch(_XML_NAME, name):
            yield f"<{name}>{_content(value)}</{name}>"
        else:
            log.error("The member %r cannot be written, for it is no name in XML", name)


def _content(value: Json) -> str:
    if isinstance(value, dict):
        return "".join(_elements(value))
    if isinstance(value, list):
        return "".join(f"<i>{_content(item)}</i>" for item in value)
    return "" if value is None else str(escape(printable(plain(value))))


#: What writes each of the formats that are always there.
RENDERERS: Mapping[Format, Callable[[Failure], str]] = {
    PROBLEM: problem,
    HTML: html,
    TEXT: text,
    MARKDOWN: markdown,
    XML: xml,
}
