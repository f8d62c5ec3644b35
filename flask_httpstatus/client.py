"""Client: raise_for_failure, failure_from: another service's failure as the exception it was."""

import logging
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from flask import current_app, has_app_context
from werkzeug.datastructures import Headers
from werkzeug.http import parse_date, parse_set_header

from . import http
from .annotations import hints_of
from .attributes import StatusOfKind
from .failures import ClientFailure, Failure, ServerFailure
from .issues import Issue
from .kinds import (
    BadGateway,
    GatewayTimeout,
    InternalServerError,
    MethodNotAllowed,
    ProxyAuthenticationRequired,
    RangeNotSatisfiable,
    ServiceUnavailable,
    Unauthorized,
    UnavailableForLegalReasons,
)
from .members import jsonable
from .parsing import parse
from .problems import Problem
from .registry import KINDS, STANDARD_MEMBERS
from .reporting import one_line
from .responses import Answer, Response, answer_of, status_of
from .texts import encodable

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["RemoteFailure", "failure_from", "raise_for_failure"]

R = TypeVar("R", bound=Response)

#: What we answer for another service's failure, where that is not 502.
_GATEWAYS: Mapping[int, type[ServerFailure]] = {
    http.TOO_MANY_REQUESTS: ServiceUnavailable,
    http.SERVICE_UNAVAILABLE: ServiceUnavailable,
    http.GATEWAY_TIMEOUT: GatewayTimeout,
}
_SECONDS = re.compile(r"[0-9]{1,10}")
_RANGE = re.compile(r"(\S+) \*/([0-9]{1,18})")
_BLOCKED_BY = re.compile(r'<([^>]*)>[ \t]*;[ \t]*rel="?blocked-by\b')
_LONGEST_IN_LOG = 500


class _HandledAsOurs(type):
    """Has Flask find the handlers of what we answer, while Python catches what they said."""

    gateway: type[ServerFailure]

    @property
    def __mro__(cls) -> tuple[type, ...]:
        # Flask looks here for handlers; ``except`` does not.
        return tuple(
            base
            for base in super().__mro__
            if isinstance(base, _HandledAsOurs) or issubclass(cls.gateway, base)
        )


class _StatusSaid(StatusOfKind):
    def __get__(self, failure: Failure | None, kind: type[Failure]) -> http.Status:
        if failure is None:
            return super().__get__(failure, kind)
        return http.status(vars(failure)["_said"])


class RemoteFailure(Failure, metaclass=_HandledAsOurs):
    """Another service's failure: an instance of the kind or problem type that it raised.

    ``status``, ``message``, ``members``, ``headers`` and ``retry_after`` are what it said, for
    whoever catches it. Uncaught it is our own failure: a ``BadGateway``, a ``ServiceUnavailable``
    for 429 and 503, a ``GatewayTimeout`` for 504. ``code``, ``name``, ``description`` and
    ``get_response()`` are what we answer then: nothing of what it said but Retry-After.
    """

    #: What it is an instance of beside this.
    kind: ClassVar[type[Failure]] = Failure
    gateway: ClassVar[type[ServerFailure]] = BadGateway
    _type_uri: str | None = None

    def __init_subclass__(cls) -> None:
        """Let a class have two statuses, theirs and ours."""

    @property
    def type_uri(self) -> str | None:
        """The URI of the problem type that they named, declared here or not."""
        return self._type_uri

    @property
    def name(self) -> str:
        """The phrase of what we answer."""
        return http.facts(self.gateway.status).phrase

    @property
    def answered_as(self) -> Failure:
        """Our own failure, which says when to try again and nothing else."""
        failure = self.gateway(retry_after=self.retry_after)
        failure.__cause__ = self
        return failure

    def get_headers(
        self, environ: "WSGIEnvironment | None" = None, scope: dict[str, Any] | None = None
    ) -> list[tuple[str, str]]:
        """Give Werkzeug's own page the headers of what we answer."""
        return self.answered_as.get_headers(environ, scope)

    def get_response(self, environ: Any = None, scope: Any = None) -> Any:
        """Give Werkzeug's own page of what we answer, and write a record as nobody else does."""
        answer = self.answered_as
        name = current_app.name if has_app_context() else __package__
        logging.getLogger(name).error("%s", answer, exc_info=answer)
        return answer.get_response(environ, scope)

    def __str__(self) -> str:
        text = f"{int(self.status)} {http.facts(self.status).phrase}: {self.message}"
        return _for_log(text)

    def __reduce__(self) -> tuple[Any, ...]:
        return _blank, (self.kind, self.gateway), self.__dict__


def failure_from(response: Response) -> RemoteFailure | None:
    """Return the failure that a response tells of, None for a status below 400.

    Its class is the declared problem type whose full URI is that of the document, else the kind
    of the status. A member of a wrong type is ignored (RFC 9457, Section 3.1), and the status is
    that on the wire. A body that cannot be read, is too long or is no problem document leaves the
    kind of the status.

    :param response: of requests, httpx, urllib (an ``HTTPError`` too), http.client, or Werkzeug's
        test client.
    :raises TypeError: for what is no response.
    """
    if status_of(response) < 400:
        return None
    answer = answer_of(response)
    kind = kind_of(answer)
    failure = _blank(kind, _GATEWAYS.get(answer.status, BadGateway))
    state = state_of(answer, kind)
    vars(failure).update(state, _said=answer.status, _type_uri=answer.type_uri)
    for note in _notes(answer, failure):
        failure.add_note(_for_log(note))
    return failure


def raise_for_failure(response: R) -> R:
    """Return the response, or raise the failure that it tells of.

    ``user = raise_for_failure(requests.get(url)).json()``

    :param response: as for :func:`failure_from`.
    :raises RemoteFailure: for a status of 400 and above.
    :raises TypeError: for what is no response.
    """
    failure = failure_from(response)
    if failure is not None:
        raise failure
    return response


def kind_of(answer: Answer) -> type[Failure]:
    """Return the declared problem type that the answer names, else the kind of its status."""
    if answer.type_uri is not None:
        same = [one for one in _declared(Problem) if answer.resolved(one.uri()) == answer.type_uri]
        # Whose URI is absolute is this service's; a path may be any service's, our own too.
        for problem in sorted(same, key=lambda one: one.uri() != answer.type_uri):
            return problem
    return KINDS.get(answer.status) or (ClientFailure if answer.status < 500 else ServerFailure)


def _declared(base: type[Problem]) -> Iterator[type[Problem]]:
    # The last one first: of those with the same URI it is the one that the application has.
    for problem in reversed(base.__subclasses__()):
        yield from _declared(problem)
        if problem.code is not None and not issubclass(problem, RemoteFailure):
            yield problem


def state_of(answer: Answer, kind: type[Failure]) -> dict[str, Any]:
    """Return the attributes of a failure of this kind that says what the answer says."""
    title = answer.text("title") if answer.type_uri else ""
    message = answer.text("detail") or title or kind.title or Failure(status=answer.status).message
    members, retry_after = _members(answer.document, kind), _retry_after(answer)
    retryable: object = members.get("retryable")
    if not isinstance(retryable, bool):
        retryable = kind.retryable if retry_after is None else True
    return {
        **_facts(kind, answer.headers),
        "message": encodable(message),
        "headers": answer.headers,
        "members": members,
        "retry_after": retry_after,
        "retryable": retryable,
    }


def _facts(kind: type[Failure], headers: Headers) -> dict[str, Any]:
    """Return the attributes that kinds have beside the members, read from the headers."""
    if issubclass(kind, MethodNotAllowed):
        return {"allowed": tuple(sorted(parse_set_header(", ".join(headers.getlist("Allow")))))}
    if issubclass(kind, RangeNotSatisfiable):
        found = _RANGE.fullmatch(headers.get("Content-Range", ""))
        return {"units": found[1] if found else "bytes", "length": int(found[2]) if found else None}
    if issubclass(kind, (Unauthorized, ProxyAuthenticationRequired)):
        return {"challenge": tuple(headers.getlist(kind.challenge_header))}
    if issubclass(kind, UnavailableForLegalReasons):
        found = _BLOCKED_BY.search(", ".join(headers.getlist("Link")))
        return {"blocked_by": found[1] if found else None}
    return {"original_exception": None} if issubclass(kind, InternalServerError) else {}


def _members(document: Mapping[str, Any], kind: type[Failure]) -> dict[str, Any]:
    types: dict[str, Any] = {"errors": list[Issue]} if hasattr(kind, "errors") else {}
    members: dict[str, Any] = {}
    if issubclass(kind, Problem):
        hints = hints_of(kind, lenient=True)
        types |= {member.sent_as: hints[name] for name, member in kind.declared.items()}
        members = {one.sent_as: one.default() for one in kind.declared.values() if one.default}
    for name in document.keys() - STANDARD_MEMBERS:
        try:
            members[encodable(name)] = parse(jsonable(document[name]), types.get(name, Any))
        except Exception:  # noqa: BLE001, S112 - the class of a member may raise any
            continue
    return members


def _retry_after(answer: Answer) -> timedelta | datetime | None:
    written = answer.headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(written):
        return timedelta(seconds=int(written))
    return parse_date(written)


@lru_cache(maxsize=256)
def _class(kind: type[Failure], gateway: type[ServerFailure]) -> Any:
    # Ours comes first, for its code is found first then.
    bases = (kind,) if issubclass(kind, gateway) else (gateway, kind)
    return _HandledAsOurs(
        f"Remote{kind.__name__}",
        (RemoteFailure, *bases),
        {
            "__module__": __name__,
            "__doc__": kind.__doc__,
            "kind": kind,
            "gateway": gateway,
            "status": _StatusSaid(),
            "description": gateway.description,
        },
    )


def _blank(kind: type[Failure], gateway: type[ServerFailure]) -> RemoteFailure:
    # No constructor is called: that of a declared class may want what did not arrive.
    classes: Any = (kind, gateway)
    class_: type[RemoteFailure] = _class(*classes)
    return class_.__new__(class_)


def _notes(answer: Answer, failure: Failure) -> Iterator[str]:
    if answer.url:
        parts = urlsplit(answer.url)
        # Not the user and the query, which may be secret.
        place = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="")
        yield f"answered to {answer.method or 'a request'} {place.geturl()}"
    if instance := answer.text("instance"):
        yield f"instance: {instance}"
    if failure.members:
        yield f"members: {failure.members}"
    if answer.unread is not None:
        yield f"the body could not be read: {answer.unread!r}"


def _for_log(text: str) -> str:
    text = one_line(encodable(text))
    return text if len(text) <= _LONGEST_IN_LOG else f"{text[:_LONGEST_IN_LOG]}..."
