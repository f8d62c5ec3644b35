"""Tests of the room of issues: what is wrong with which part of the input."""

import copy
import pickle

import pytest

from flask_httpstatus import Issue


def test_an_issue():
    """An issue says what is wrong, where, and what programs call it."""
    issue = Issue("must be positive", pointer="#/age", code="gt")
    assert (issue.detail, issue.pointer, issue.code) == ("must be positive", "#/age", "gt")
    assert issue.parameter is issue.header is issue.cookie is None


@pytest.mark.parametrize("place", [{}, {"parameter": "q"}, {"header": "X-A"}, {"cookie": "id"}])
def test_one_place(place):
    """An issue is nowhere, or in one parameter, header or cookie."""
    issue = Issue("wrong", **place)
    assert {name: getattr(issue, name) for name in place} == place


@pytest.mark.parametrize(
    "places",
    [
        {"pointer": "#/a", "parameter": "a"},
        {"parameter": "a", "header": "b"},
        {"header": "", "cookie": ""},
        {"pointer": "#", "parameter": "a", "header": "b", "cookie": "c"},
    ],
)
def test_several_places(places):
    """An issue in two places is an error that names the choice."""
    with pytest.raises(ValueError, match="one place: a pointer, parameter, header or cookie"):
        Issue("wrong", **places)


@pytest.mark.parametrize("detail", [None, 18, b"wrong", ValueError("wrong"), object(), ["wrong"]])
def test_details_that_are_no_text(detail):
    """What is no text is an error that shows one, and tells nothing of what was given."""
    with pytest.raises(TypeError, match=r"Issue\('must be 18 or more'\), not \w+$"):
        Issue(detail)


@pytest.mark.parametrize("place", ["pointer", "parameter", "header", "cookie"])
def test_places_that_are_no_text(place):
    """A place is a str, not a number or a list of the steps to it."""
    with pytest.raises(TypeError, match=r"\['items', 0\] is no place of an issue; name it"):
        Issue("wrong", **{place: ["items", 0]})


@pytest.mark.parametrize("pointer", ["#", "#/", "#/items/0/age", "#/a~1b/%C3%A4/~0"])
def test_pointers(pointer):
    """A pointer is the fragment of a URI, of the whole body or of a part."""
    assert Issue("wrong", pointer=pointer).pointer == pointer


@pytest.mark.parametrize("pointer", ["", "/age", "age", "$.age", "#age", "##", " #/age"])
def test_no_pointers(pointer):
    """What is no fragment is an error that shows one."""
    with pytest.raises(ValueError, match="no URI fragment such as '#/items/0/age'") as caught:
        Issue("wrong", pointer=pointer)
    assert repr(pointer) in str(caught.value)


def test_an_issue_is_a_value():
    """Issues compare by what they say, cannot be changed, and can be copied and pickled."""
    issue = Issue("wrong", pointer="#/a", code="x")
    assert issue == Issue("wrong", pointer="#/a", code="x") != Issue("wrong", pointer="#/b")
    assert len({issue, Issue("wrong", pointer="#/a", code="x")}) == 1
    with pytest.raises(AttributeError):
        issue.detail = "right"
    assert copy.copy(issue) == copy.deepcopy(issue) == pickle.loads(pickle.dumps(issue)) == issue
