"""Tests of the bodies: what each format says of a failure, and that it is what the format allows.

The page has tests of its own.
"""

import json
import logging
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree as ET

import jsonschema
import markdown_it
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from shared_cases import FOLDER

from flask_httpstatus import KINDS, Failure, Issue, NotFound, ServiceUnavailable, http
from flask_httpstatus.rendering import document, markdown, problem, text, xml

SCHEMA = FOLDER / "problem_schema.json"
NAMESPACE = "{urn:ietf:rfc:7807}"
FORMATS = [problem, text, markdown, xml]
#: Each character that XML 1.0 allows, but for the line breaks, of which a parser makes others.
XML_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
)
MESSAGES = st.text() | st.text(st.characters())
MEMBERS = st.dictionaries(
    st.from_regex(r"[A-Za-z][A-Za-z0-9_]{2,10}", fullmatch=True),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes(),
        lambda values: st.lists(values) | st.dictionaries(st.text(), values),
        max_leaves=8,
    ),
    max_size=3,
)
#: Members that are no standard members, nor facts of a kind.
RESERVED = {"type", "title", "status", "detail", "instance"}


def made(code, message, members):
    """Return a failure with these members, whatever they are called."""
    failure = Failure(message, code)
    failure.members = {name: members[name] for name in members if name not in RESERVED}
    return failure


def strict(body):
    """Read JSON as RFC 8259 has it, which knows no NaN and no name twice."""

    def once(pairs):
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    def refuse(constant):
        raise AssertionError(constant)

    body.encode()
    return json.loads(body, parse_constant=refuse, object_pairs_hook=once)


# The problem document


@pytest.mark.parametrize("code", KINDS)
def test_document_of_a_kind(code):
    """A kind that says nothing is its phrase and its status, with neither type nor detail."""
    phrase = http.facts(code).phrase

    assert document(KINDS[code]()) == {"title": phrase, "status": code}


@pytest.mark.parametrize("message", ["Not Found", "not found", "NOT FOUND", "Not found", ""])
def test_message_that_repeats_the_phrase(message):
    """A message that says what the title says is no detail."""
    assert "detail" not in document(NotFound(message))
    assert "detail" not in strict(problem(NotFound(message)))


@pytest.mark.parametrize("message", ["Not found.", "nothing found", " "])
def test_message_that_says_more(message):
    """Any other message is the detail, to the letter."""
    assert document(NotFound(message))["detail"] == message


def test_unofficial_status():
    """A status without a kind has its own phrase for a title."""
    assert document(Failure("gone away", 499)) == {
        "title": http.facts(499).phrase,
        "status": 499,
        "detail": "gone away",
    }


def test_instance_is_the_incident():
    """The instance is the incident as a URN, and never the path."""
    failure = ServiceUnavailable("back at noon")
    failure.incident = "5b1f9b2e-4c1c-4a52-8d1b-6a5d1f0c9c1e"

    instance = document(failure)["instance"]

    assert instance == "urn:uuid:5b1f9b2e-4c1c-4a52-8d1b-6a5d1f0c9c1e"
    assert strict(problem(failure))["instance"] == instance


def test_members_stand_at_the_top():
    """Members stand beside the standard ones, in the order given, as JSON has them."""
    failure = NotFound(
        "no such user",
        user=UUID(int=7),
        since=datetime(2026, 1, 1, tzinfo=UTC),
        price=Decimal("1.10"),
        ratio=float("nan"),
        tags=["a", "b"],
    )

    assert list(document(failure).items())[3:] == [
        ("user", "00000000-0000-0000-0000-000000000007"),
        ("since", "2026-01-01T00:00:00+00:00"),
        ("price", "1.10"),
        ("ratio", None),
        ("tags", ["a", "b"]),
    ]


def test_issues_are_members():
    """Issues stand under errors, with what they say and nothing else."""
    failure = KINDS[422](errors=[Issue("must be positive", pointer="#/age", code="gt")])

    assert document(failure)["errors"] == [
        {"detail": "must be positive", "pointer": "#/age", "code": "gt"}
    ]


class Secretive:
    """An object that is in no table, and whose repr tells a secret."""

    def __repr__(self):
        return "<password hunter2>"


def recursive():
    """Return a list that holds itself."""
    value = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    "value",
    [Secretive(), b"\xff", ValueError("hunter2"), recursive(), {("a", 1): 1}],
    ids=["object", "bytes", "exception", "recursion", "key"],
)
@pytest.mark.parametrize("write", FORMATS)
def test_member_that_cannot_be_written(write, value, caplog):
    """A member that cannot be written is left out and logged, and the others stay."""
    failure = NotFound("no such user", before=1, broken=value, after=2)

    body = write(failure)

    assert "before" in body
    assert "after" in body
    assert "broken" not in body
    assert "hunter2" not in body
    (record,) = caplog.records
    assert record.name == "flask_httpstatus"
    assert record.levelno == logging.ERROR
    assert "'broken' of NotFound" in record.getMessage()


def test_member_with_a_name_that_is_no_text():
    """A name that cannot be written drops its member, not the document."""
    failure = NotFound("no such user")
    failure.members = {7: "seven", "eight": 8}

    assert document(failure) == {
        "title": "Not Found",
        "status": 404,
        "detail": "no such user",
        "eight": 8,
    }


@pytest.mark.parametrize("write", FORMATS)
def test_lone_surrogates(write):
    """A lone surrogate, which UTF-8 cannot carry, is replaced wherever it stands."""
    failure = NotFound("no \ud800 user", member="\udfff")
    failure.members["\ud800bc"] = 1

    body = write(failure).encode()

    assert b"no" in body


@pytest.mark.skipif(not SCHEMA.exists(), reason="no problem_schema.json beside the checkout")
@given(st.sampled_from(sorted(KINDS)), MESSAGES, MEMBERS, st.none() | st.uuids().map(str))
def test_problem_document_is_valid(code, message, members, incident):
    """Every problem document is valid by the schema of RFC 9457, Appendix A."""
    failure = made(code, message, members)
    failure.incident = incident
    schema = json.loads(Path(SCHEMA).read_text("utf-8"))

    validator = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )

    validator.validate(strict(problem(failure)))


@given(st.sampled_from(sorted(KINDS)), MESSAGES, MEMBERS)
def test_problem_is_the_document(code, message, members):
    """The body is the document, whether it is encoded at once or put together from parts."""
    failure = made(code, message, members)

    assert strict(problem(failure)) == json.loads(json.dumps(document(failure)))


@given(st.sampled_from(sorted(KINDS)), MESSAGES)
def test_problem_says_what_the_schema_cannot(code, message):
    """The status is the wire's, about:blank has the phrase for a title, detail says more."""
    body = strict(problem(Failure(message, code)))

    assert body["status"] == code
    assert body["title"] == http.facts(code).phrase
    assert "type" not in body
    assert body.get("detail", "").casefold() != body["title"].casefold()
    assert body.keys() <= {"title", "status", "detail"}


def test_problem_is_readable():
    """What is not ASCII stays readable, and the body ends in a line break."""
    body = problem(NotFound("Größe “7” gibt es nicht"))

    assert "Größe “7” gibt es nicht" in body
    assert body.endswith("}\n")


# Text


def test_text():
    """Plain text is the status line, the message, then a line for each member or item."""
    failure = NotFound("no such user", user_id=7, tags=["a", "b"], since=None, deep={"a": [1]})
    failure.incident = "5b1f9b2e"

    assert text(failure) == (
        "404 Not Found\n"
        "\n"
        "no such user\n"
        "\n"
        "instance: urn:uuid:5b1f9b2e\n"
        "user_id: 7\n"
        "tags: a\n"
        "tags: b\n"
        "since: null\n"
        'deep: {"a": [1]}\n'
    )


def test_text_of_a_bare_failure():
    """Without a message or members, it is the status line alone."""
    assert text(NotFound()) == "404 Not Found\n"


@given(MESSAGES)
def test_text_has_no_control_characters(message):
    """What a terminal would obey is replaced; the rest of the message stays as it is."""
    body = text(NotFound(message, member=message))

    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", body)
    body.encode()


@pytest.mark.parametrize("line_end", ["\r", "\r\n"])
@pytest.mark.parametrize("write", [text, markdown])
def test_line_ends(write, line_end):
    """Line ends are kept, as line feeds: a lone return would overwrite the line in a terminal."""
    assert "\none\ntwo\n" in write(NotFound(f"one{line_end}two"))


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
def test_member_of_several_lines(line_end):
    """The further lines of a member are indented, so that they are no members."""
    body = text(NotFound("no", comment=f"fine{line_end}admin: true", after=[f"1{line_end}2"]))

    assert body.endswith("\ncomment: fine\n  admin: true\nafter: 1\n  2\n")


@pytest.mark.parametrize(
    "message", ["{0", "{}", "%s", "%(status)s", r"\1", "{{ 7 * 7 }}", "${7*7}"]
)
def test_message_is_no_template(message):
    """What looks like a template is text in every format."""
    failure = NotFound(message, member=message)

    assert strict(problem(failure))["detail"] == message
    assert text(failure) == f"404 Not Found\n\n{message}\n\nmember: {message}\n"
    assert xml(failure).count(f">{message}<") == 2
    assert words(markdown(failure), COMMONMARK)[0][3:] == [
        *message.split(),
        "member:",
        *message.split(),
    ]


# Markdown

COMMONMARK = markdown_it.MarkdownIt("commonmark")
#: With tables and strikethrough, as GitHub has them.
GITHUB = markdown_it.MarkdownIt("gfm-like", {"linkify": False})
#: What a text consists of, and nothing else does.
PLAIN = {
    *("heading_open", "heading_close", "paragraph_open", "paragraph_close"),
    *("inline", "text", "text_special", "softbreak", "hardbreak"),
}
ITEMS = {
    *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
    *("strong_open", "strong_close"),
}


def words(body, parser):
    """Return the words that a reader of Markdown sees, and the kinds of its tokens."""
    texts, kinds = [], set()
    for token in parser.parse(body):
        kinds.add(token.type)
        for child in token.children or ():
            kinds.add(child.type)
            texts.append("\n" if child.type in {"softbreak", "hardbreak"} else child.content)
        texts.append("\n")
    return "".join(texts).split(), kinds


def test_markdown():
    """Markdown is a heading, the message, then a list of the members."""
    failure = NotFound("no such *user*", user_id=7, tags=["a_b", "c"])

    assert markdown(failure) == (
        "# 404 Not Found\n"
        "\n"
        "no such \\*user\\*\n"
        "\n"
        "- **user\\_id**: 7\n"
        "- **tags**: a\\_b\n"
        "- **tags**: c\n"
    )


HOSTILE_MARKDOWN = [
    "1. one",
    "12) twelve",
    "- item",
    "  - item after spaces",
    "    four spaces",
    "\tone tab",
    "+ plus",
    "a line\n===",
    "a line\n---",
    "a line\n- item\n2. two",
    "# heading",
    "> quote",
    "```\ncode\n```",
    "~~~\ncode",
    "*emphasis* _too_ ~~gone~~",
    "[link](javascript:alert(1)) ![image](x)",
    "<script>alert(1)</script>",
    "<https://evil.example/>",
    "&lt; &#60; &amp;",
    "a | b\n--|--\n1 | 2",
    "back\\slash \\* \\",
    "`code`",
    "[ref]: https://evil.example/",
    "line one\nline two",
    "paragraph\n\nparagraph",
]


@pytest.mark.parametrize("parser", [COMMONMARK, GITHUB], ids=["commonmark", "github"])
@pytest.mark.parametrize("message", HOSTILE_MARKDOWN)
def test_message_is_no_markup_in_markdown(message, parser):
    """Whatever is in a message, a Markdown parser reads it as text and finds no markup."""
    said, kinds = words(markdown(NotFound(message)), parser)

    assert said == ["404", "Not", "Found", *message.split()]
    assert kinds <= PLAIN


@given(st.text(st.sampled_from("a1.)-+=*_#<>[]()!|`~\\&; \t\n\r:{}\"'\u2028"), min_size=1))
def test_message_is_text_in_markdown(message):
    """Nothing that is written in ASCII's punctuation makes markup of a message."""
    said, kinds = words(markdown(NotFound(message)), GITHUB)

    assert said == ["404", "Not", "Found", *message.split()]
    assert kinds <= PLAIN


@pytest.mark.parametrize("value", HOSTILE_MARKDOWN)
def test_member_is_no_markup_in_markdown(value):
    """A member is one item of the list, whatever its value."""
    said, kinds = words(markdown(NotFound("no", member=value, after=1)), GITHUB)

    assert said == ["404", "Not", "Found", "no", "member:", *value.split(), "after:", "1"]
    assert kinds <= PLAIN | ITEMS


@pytest.mark.parametrize(
    "message", ["Hello!", "Is it #7, or [8]?", "a > b", "-7", "1.5", "C++ - a language", "x = 1"]
)
def test_ordinary_text_in_markdown(message):
    """What is no markup where it stands is not escaped, for Markdown is read as it is, too."""
    assert f"\n{message}\n".replace("[", "\\[") in markdown(NotFound(message))


# XML


def test_xml():
    """XML is as RFC 9457, Appendix B has it: its namespace, members as elements, items as i."""
    failure = NotFound(
        "a < b & c",
        balance=30,
        accounts=["/account/1", "/account/2"],
        owner={"name": "Ada", "admin": True},
        nothing=None,
    )

    assert xml(failure) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<problem xmlns="urn:ietf:rfc:7807">'
        "<title>Not Found</title><status>404</status><detail>a &lt; b &amp; c</detail>"
        "<balance>30</balance>"
        "<accounts><i>/account/1</i><i>/account/2</i></accounts>"
        "<owner><name>Ada</name><admin>true</admin></owner>"
        "<nothing></nothing>"
        "</problem>\n"
    )


@given(st.sampled_from(sorted(KINDS)), MESSAGES, MEMBERS)
def test_xml_is_well_formed(code, message, members):
    """Whatever is in message and members, an XML parser reads the document."""
    root = ET.fromstring(xml(made(code, message, members)).encode())

    assert root.tag == f"{NAMESPACE}problem"
    assert root.findtext(f"{NAMESPACE}status") == str(code)
    assert root.findtext(f"{NAMESPACE}title") == http.facts(code).phrase


@given(XML_TEXT)
def test_xml_keeps_the_text(message):
    """What XML can carry arrives as it was."""
    root = ET.fromstring(xml(NotFound(f"{message}!", member=message)).encode())

    assert root.findtext(f"{NAMESPACE}detail") == f"{message}!"
    assert root.findtext(f"{NAMESPACE}member") == message


def test_xml_drops_what_is_no_name(caplog):
    """A member whose name is no name in XML is left out and logged, at any depth."""
    failure = NotFound("no", owner={"first name": "Ada", "<b>": 1, "name": "Lovelace"})

    assert "<owner><name>Lovelace</name></owner>" in xml(failure)
    assert [record.getMessage() for record in caplog.records] == [
        "The member 'first name' cannot be written, for it is no name in XML",
        "The member '<b>' cannot be written, for it is no name in XML",
    ]


# All of them


class Marked(str):
    """A text that claims to be HTML, in which nobody may believe."""

    __slots__ = ()

    def __html__(self):
        return "<script>alert(1)</script>"


@pytest.mark.parametrize(
    "message", ["<script>alert(1)</script>", Markup("<script>alert(1)</script>"), Marked("plain")]
)
def test_markup_is_escaped(message):
    """Whatever type a message has, no markup comes from it."""
    root = ET.fromstring(xml(NotFound(message, member=message)))

    assert [(element.tag, element.text) for element in root][2:] == [
        (f"{NAMESPACE}detail", str.__str__(message)),
        (f"{NAMESPACE}member", str.__str__(message)),
    ]


@pytest.mark.parametrize("write", FORMATS)
@pytest.mark.parametrize("code", KINDS)
def test_private_parts_stay_private(code, write):
    """Notes, cause, context and arguments are in no format."""
    failure = KINDS[code]("try later")
    failure.__cause__ = failure.__context__ = ValueError("hunter2")
    failure.add_note("hunter2")
    failure.args = ("hunter2",)

    assert "hunter2" not in write(failure)


@pytest.mark.parametrize("members", [{}, {"user": "ada"}])
def test_title_whatever_the_name(members):
    """Without a declared type the title is the phrase (RFC 9457, Section 4.2.1)."""

    class Missing(NotFound):
        name = "Nothing here"

    written = json.loads(problem(Missing("no such user", **members)))
    assert written == {"title": "Not Found", "status": 404, "detail": "no such user", **members}
