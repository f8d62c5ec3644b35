"""Testing: assert_failure, assert_conforms, failures_raised: what tests say of failures."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Flask

from . import http
from .client import kind_of, state_of
from .conformance import breaches
from .failures import Failure
from .headers import checked_retry_after, retry_after_header
from .members import jsonable
from .problems import Problem
from .reporting import failure_answered
from .responses import Answer, Response, answer_of
from .texts import Text

__all__ = ["assert_conforms", "assert_failure", "failures_raised"]

F = TypeVar("F", bound=Failure)

_LONGEST_SHOWN = 1000


def assert_failure(
    response: Response,
    kind: type[F],
    message: Text | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    retry_after: int | timedelta | datetime | None = None,
    **members: Any,
) -> F:
    """Assert that a response tells of this failure, and return the failure.

    ``assert_failure(client.get("/users/8"), NotFound, "no such user")``: what is named has to be
    in the answer, as it was given to the failure; what is not named may be anything. Problem
    documents are read, and those that are embedded in pages.

    :param response: of Flask's test client, or of any client that ``failure_from`` understands.
    :param kind: a kind, a problem type, or what stands above them, such as ClientFailure.
    :param message: as it was given to the failure, or came of its class.
    :param headers: those that have to be there; others may be, too.
    :param retry_after: as it was given to the failure.
    :param members: as they were given, or as they are sent.
    :raises AssertionError: for another answer, with everything that differs.
    :raises TypeError: for what is no response, or no kind.
    """
    __tracebackhide__ = True
    if not isinstance(kind, type) or not issubclass(kind, Failure):
        raise TypeError(f"assert_failure() takes a kind such as NotFound, not {kind!r}")
    answer = answer_of(response)
    expected = dict(headers or {})
    if retry_after is not None:
        expected["Retry-After"] = retry_after_header(checked_retry_after(retry_after))
    differences = [
        *_in_kind(answer, kind),
        *_in_document(answer, kind, message, members),
        *(
            _differs(name, value, answer.headers.get(name))
            for name, value in expected.items()
            if answer.headers.get(name) != value
        ),
    ]
    if differences:
        what = f"the answer is not the {kind.__name__} that is expected"
        raise AssertionError("\n  ".join([what, *differences]) + _shown(answer))
    return _failure(answer, kind)


def assert_conforms(response: Response) -> None:
    """Assert that a response does what HTTP (RFC 9110) and RFC 9457 demand, of any application.

    Headers that its status requires, the form of the headers that are there, content or none,
    and the standard members of a problem document.

    :param response: as for :func:`assert_failure`.
    :raises AssertionError: with every breach, and the section that has it.
    """
    __tracebackhide__ = True
    answer = answer_of(response)
    found = list(breaches(answer))
    if found:
        raise AssertionError("\n  ".join(["the answer does not conform", *found]) + _shown(answer))


@contextmanager
def failures_raised(app: Flask) -> Generator[list[Failure]]:
    """Collect the failures that are answered within the block, in their order.

    ``with failures_raised(app) as raised: client.get("/users/8")``: with their ``__cause__`` and
    notes, which no answer shows. They are those that the extension or ``catching_failure``
    answers; what a handler of the application's own answers is not among them.

    :param app: the application; those of others are not collected.
    """
    raised: list[Failure] = []

    def collect(_: Flask, *, failure: Failure, **__: object) -> None:
        raised.append(failure)

    with failure_answered.connected_to(collect, app):
        yield raised


def _failure(answer: Answer, kind: type[F]) -> F:
    class_ = _class_of(answer, kind)
    # No constructor is called: that of a declared class may want what did not arrive.
    failure = class_.__new__(class_)
    vars(failure).update(state_of(answer, class_))
    if class_.code is None:
        failure.code = answer.status
    return failure


def _class_of(answer: Answer, kind: type[F]) -> type[F]:
    found: Any = kind_of(answer)
    return found if issubclass(found, kind) else kind


def _in_kind(answer: Answer, kind: type[Failure]) -> Iterator[str]:
    if answer.status not in (kind.statuses if kind.code is None else {kind.code}):
        wanted = kind.code or f"{kind.statuses[0]} to {kind.statuses[-1]}"
        yield _differs("status", wanted, answer.status)
    if issubclass(kind, Problem) and not _is_of_type(answer, kind):
        yield _differs("type", kind.uri(), answer.type_uri or "about:blank")


def _is_of_type(answer: Answer, kind: type[Problem]) -> bool:
    if issubclass(kind_of(answer), kind):
        return True
    # Outside of the application nobody knows its FAILURES_TYPE_BASE.
    return not kind.base and (answer.type_uri or "").endswith(f"/{kind.type}")


def _in_document(
    answer: Answer, kind: type[Failure], message: Text | None, members: Mapping[str, Any]
) -> Iterator[str]:
    if answer.status < 400:
        return
    if not answer.document:
        for name in members if message is None else ("message", *members):
            yield f"{name}: there is no problem document that could have it"
        return
    state = state_of(answer, _class_of(answer, kind))
    if message is not None and str(message) != state["message"]:
        yield _differs("message", str(message), state["message"])
    for name, value in members.items():
        sent_as = name
        if issubclass(kind, Problem) and name in kind.declared:
            sent_as = kind.declared[name].sent_as
        if sent_as not in answer.document:
            yield f"{name}: {value!r} is expected, but it is not there"
        elif not _equal(value, answer.document[sent_as], state["members"].get(sent_as)):
            yield _differs(name, value, answer.document[sent_as])


def _equal(expected: Any, written: object, read: object) -> bool:
    # As it is given to a failure, as JSON, or as something that compares, such as approx().
    with suppress(TypeError, ValueError):
        if jsonable(expected) == written:
            return True
    return bool(expected in (written, read))


def _differs(name: str, expected: object, answered: object) -> str:
    return f"{name}: {expected!r} is expected, but it is {answered!r}"


def _shown(answer: Answer) -> str:
    asked = f"{answer.method} {answer.url}".strip() or "it"
    status = f"{answer.status} {http.facts(answer.status).phrase}"
    text = answer.body.decode(errors="replace")
    if len(text) > _LONGEST_SHOWN:
        text = f"{text[:_LONGEST_SHOWN]}..."
    return f"\n{asked} was answered with {status}, {answer.media_type or 'no type'}\n{text}"
