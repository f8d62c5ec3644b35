"""Failure: message, status, members, headers; on, unless, when."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Literal,
    TypeVar,
)

from markupsafe import escape
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException

from . import http
from .attributes import CodeOfNoKind, DescriptionOfKind, StatusOfKind, instead_of, sentence
from .conversion import Conversion, makes_failures
from .headers import (
    HOP_BY_HOP,
    HeadersGiven,
    checked_header,
    checked_retry_after,
    pairs,
    retry_after_header,
)
from .registry import KINDS, check_member_name, register
from .texts import Text, checked_message

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.sansio.response import Response


T = TypeVar("T")


class Failure(HTTPException):
    """A request failed; raised anywhere below a view, it becomes the right response.

    ``Failure(message, status)`` builds the kind of that status, as ``OSError(ENOENT)`` builds a
    ``FileNotFoundError``. A status without a kind gives a ``ClientFailure`` or ``ServerFailure``.

    :param message: the sentence for the person or program that asked: public, always. It is
        the phrase of the status by default. A lazy string is read when the answer is made.
    :param status: the status, 400 to 599; a kind takes no other than its own.
    :param description: Werkzeug's name for the message.
    :param response: a ready response, which is then the answer, untouched.
    :param headers: sent with the answer. The body's own (Content-Type and so on) are refused.
    :param retry_after: when to try again: seconds from now, a timedelta or a datetime (a naive
        one is UTC). RFC 9110, Section 10.2.3.
    :param members: facts for programs, extension members of the problem document (RFC 9457,
        Section 3.2). Like the message they are public.
    :raises TypeError: for a message that is no text, a member with a reserved name, or a
        keyword that belongs to another kind.
    :raises ValueError: for a status that is none of a failure, or a header HTTP forbids.
    """

    #: The status, a member of ``http.HTTPStatus`` or ``http.UnofficialStatus``; not to be set.
    status: ClassVar[StatusOfKind] = StatusOfKind()
    #: What a declared problem type is called, the same at every occurrence; otherwise empty.
    title: ClassVar[str] = ""
    #: The sentence for the person or program that asked; of a class the default.
    message: str = "Bad request"
    #: A ready response, which is then the answer; None for an answer of ours.
    response: "Response | None" = None
    #: When to try again; of a class the default.
    retry_after: datetime | int | None = None
    #: Whether the same request may work later; None where nothing says so. That of a kind is that
    #: of its status, and an occurrence that says when to try again may be tried again.
    retryable: bool | None = None
    #: The id of this occurrence, in the copy of the failure that is being answered.
    incident: str | None = None
    #: The language in which this occurrence is answered, in that copy as well.
    language: str = "en"
    #: What the answer's author should write where a header that HTTP demands is missing.
    remedy: ClassVar[str] = "headers={...}"
    #: The first one is the status of subclasses that have no kind among their bases.
    statuses: ClassVar[range] = range(400, 600)
    args: tuple[Any, ...]
    # Whether there is a constructor behind this one but Werkzeug's, which do no more than it does.
    _calls_on: ClassVar[bool] = False

    if TYPE_CHECKING:

        @property
        def answered_as(self) -> "Failure | None":
            """What is answered in place of another service's failure, None for our own."""

        @property
        def type_uri(self) -> str | None:
            """The URI of a declared problem type; otherwise None, for ``about:blank``."""
    else:
        code = CodeOfNoKind()
        # Plain attributes: every answer reads them, and a property takes longer.
        answered_as = None
        #: The URI of a declared problem type; otherwise None, which means ``about:blank``.
        type_uri = None

    def __init_subclass__(cls, *, status: int | None = None, **kwargs: Any) -> None:
        """Make a kind of one's own.

        :param status: makes a new kind for a status that has none; the library's own are all
            made so, and an application may for unofficial ones.
        :raises TypeError: for a class that would have two statuses, or sets what it cannot.
        :raises ValueError: for a status that is none of a failure.
        """
        super().__init_subclass__(**kwargs)
        own: dict[str, Any] = dict(vars(cls))
        for name in ("status", "code", "headers", "members"):
            if own.get(name) is not None:
                raise TypeError(f"{cls.__name__} sets {name!r}; {instead_of(name, own[name])}")
        cls._take_code(status, own)
        code = cls.code or cls.statuses[0]
        cls._check_bases(code)
        behind = cls.__mro__[cls.__mro__.index(Failure) + 1 :]
        constructed = {base.__module__ for base in behind if "__init__" in vars(base)}
        cls._calls_on = not constructed <= {"builtins", HTTPException.__module__}
        if "message" in own:
            cls.description = cls.message
        elif own.get("description") is not None:
            cls.message = own["description"]
        elif status is not None or "statuses" in own:
            cls.message = sentence(code)
        text: object = cls.description
        if cls.code is not None and not hasattr(type(text), "__get__"):
            # A property stays. setattr(), so that checkers take the declaration from Werkzeug.
            setattr(cls, "description", DescriptionOfKind(text))  # noqa: B010
        if status is not None and cls.__module__ == f"{__package__}.kinds":
            register(code, cls, cls.__mro__[: cls.__mro__.index(Failure)])

    @classmethod
    def _take_code(cls, status: int | None, own: dict[str, Any]) -> None:
        if status is not None:
            failing = _failing(cls, status)
            # So that checkers take the declaration of the attribute from Werkzeug.
            setattr(cls, "code", failing)  # noqa: B010
            cls.retryable = own.get("retryable", http.facts(failing).retryable)
            if failing in KINDS:
                raise TypeError(f"{failing} has a kind; {instead_of('code', failing)}")
        elif next(vars(base)["code"] for base in cls.__mro__ if "code" in vars(base)) is None:
            # It or a mixin says None, as Werkzeug's base does. Flask would answer 200.
            setattr(cls, "code", CodeOfNoKind())  # noqa: B010

    @classmethod
    def _check_bases(cls, code: int) -> None:
        own = [vars(base) for base in cls.__mro__]
        codes = [one["code"] for one in own if isinstance(one.get("code"), int)]
        families = [one["statuses"] for one in own if "statuses" in one]
        if any(code != another for another in codes) or any(code not in one for one in families):
            raise TypeError(
                f"{cls.__name__} would have two statuses; derive it from one of "
                + ", ".join(base.__name__ for base in cls.__bases__)
            )
        if cls.code is not None and not issubclass(cls, KINDS.get(code, Failure)):
            raise TypeError(f"{cls.__name__} has code = {code}; {instead_of('code', code)}")

    def __init__(
        self,
        message: Text | None = None,
        status: int | None = None,
        *,
        description: Text | None = None,
        response: "Response | None" = None,
        headers: HeadersGiven | None = None,
        retry_after: int | timedelta | datetime | None = None,
        **members: Any,
    ) -> None:
        if type(self).code is None and self._becomes(status):
            # The kind's constructor takes keywords that this one does not know.
            given: dict[str, Any] = {"headers": headers, "retry_after": retry_after, **members}
            given |= {"description": description, "response": response}
            type(self).__init__(self, message, status, **given)
            return
        if description is not None:
            if message is not None:
                raise TypeError("message and description are the same; give one of them")
            message = description
        if message is not None:
            text: Any = message if isinstance(message, str) else checked_message(message)
            self.message = text
            if type(self).code is None:
                # A kind's description is its message; without a kind, Werkzeug's is set as well.
                self.description = text
        if status is not None:
            self._check_status(status)
        if self._calls_on:
            super().__init__(response=response)
        else:
            # All that Werkzeug's constructors would do; to call them takes a third of the time
            # in which a failure is built.
            self.response, self.args = response, ()
        later = self.retry_after if retry_after is None else retry_after
        if headers is not None or later is not None:
            self._take_headers(headers or (), later)
        for name, value in members.items():
            check_member_name(name, type(self))
            self.members[name] = value

    def _becomes(self, status: int | None) -> bool:
        """Make this the kind of the status, as OSError(ENOENT) is a FileNotFoundError.

        Not in ``__new__``, which every kind would call: to build one would take half as long again.

        :return: whether there is such a kind; otherwise this has taken what the status says.
        """
        family = type(self)
        if "statuses" not in vars(family):
            # Past the declaration of the attribute, which is Werkzeug's.
            vars(self)["code"] = family.statuses[0]
            return False
        code = _failing(family, family.statuses[0] if status is None else status)
        kind: Any = KINDS.get(code) or (ClientFailure if code < 500 else ServerFailure)
        # A family of the application's stays itself.
        if kind is not family and issubclass(kind, family):
            self.__class__ = kind
            return True
        vars(self)["code"] = code
        if vars(family).get("description") is None:
            self.message = sentence(code)
        return False

    def _take_headers(
        self, headers: HeadersGiven, retry_after: int | timedelta | datetime | None
    ) -> None:
        for name, value in pairs(headers):
            self.headers.add(*checked_header(name, value))
        if retry_after is not None:
            self.retry_after = checked = checked_retry_after(retry_after)
            self.headers["Retry-After"] = retry_after_header(checked)
        if "Retry-After" in self.headers:
            self.retryable = True

    def _check_status(self, status: int) -> None:
        code = _failing(Failure, status)
        if code != self.code:
            instead = KINDS[code].__name__ if code in KINDS else f"Failure(message, {code})"
            raise ValueError(f"{type(self).__name__} is {self.code}; for {code} raise {instead}")

    # Few failures have either, so both are made when they are first read.
    @cached_property
    def members(self) -> dict[str, Any]:
        """The extension members of the problem document."""
        return {}

    @cached_property
    def headers(self) -> Headers:
        """What is sent with the answer, beside the headers that the answer has by itself."""
        return Headers()

    @property
    def name(self) -> str:
        """The phrase of the status, as RFC 9110 has it."""
        return http.facts(self.status).phrase

    def get_description(
        self, environ: "WSGIEnvironment | None" = None, scope: dict[str, Any] | None = None
    ) -> str:
        """Give Werkzeug's own page, shown without the extension, the text and never markup."""
        text = str(self.message if self.description is None else self.description)
        return f"<p>{escape(str.__str__(text))}</p>"

    def get_headers(
        self, environ: "WSGIEnvironment | None" = None, scope: dict[str, Any] | None = None
    ) -> list[tuple[str, str]]:
        """Give Werkzeug's own page the headers of the failure."""
        own = [(name, value) for name, value in self.headers if name.lower() not in HOP_BY_HOP]
        return [("Content-Type", "text/html; charset=utf-8"), *own]

    def __str__(self) -> str:
        return f"{self.code} {self.name}: {self.message}"

    def __reduce__(self) -> tuple[Any, ...]:
        # Not by calling the class: its constructor may be an application's, or dispatch.
        return _blank, (type(self),), self.__dict__

    @classmethod
    def on(
        cls,
        classes: type[Exception] | tuple[type[Exception], ...],
        message: "Text | Callable[[Any], Failure | None] | None" = None,
        /,
        **facts: Any,
    ) -> Conversion:
        """Raise this kind in place of other exceptions, around a block or as a decorator.

        ``with NotFound.on(KeyError, "no such user"): ...``; the original is the ``__cause__``,
        logged where the log has causes, never shown.

        :param classes: the exceptions that are meant. An HTTPException passes, unless named.
        :param message: as in the constructor, and so are the keywords; or a function that gets
            the exception and returns the failure, None to let the exception go on.
        :raises TypeError: for what is no class of exceptions, a message that is no text, or
            keywords beside a function.
        """
        if not isinstance(classes, tuple):
            classes = (classes,)
        if makes_failures(message):
            if facts:
                raise TypeError(f"{', '.join(facts)}: give them in {message!r}")
            return Conversion(classes, message)
        text = None if message is None else checked_message(message)
        return Conversion(classes, lambda _: cls(text, **facts))

    @classmethod
    def unless(
        cls,
        value: T | Literal[False] | None,
        message: Text | None = None,
        /,
        **facts: Any,
    ) -> T:
        """Return the value, or raise this kind if it is None or False; nothing else raises.

        :param value: what was looked up; 0, "" and [] are values.
        :param message: as in the constructor, and so are the keywords.
        :raises Failure: this kind, for None and False.
        """
        if value is None or value is False:
            raise cls(message, **facts)
        return value

    @classmethod
    def when(cls, condition: object, message: Text | None = None, /, **facts: Any) -> None:
        """Raise this kind if the condition is true.

        :param condition: as in ``if``.
        :param message: as in the constructor, and so are the keywords.
        :raises Failure: this kind, for a true condition.
        """
        if condition:
            raise cls(message, **facts)


class ClientFailure(Failure):
    """The request was wrong; catch it to catch every status from 400 to 499."""

    statuses: ClassVar[range] = range(400, 500)


class ServerFailure(Failure):
    """The request may have been right; catch it to catch every status from 500 to 599."""

    statuses: ClassVar[range] = range(500, 600)


def _blank(kind: type[Failure]) -> Failure:
    # Not by kind.__new__(), which may be an application's as well.
    built_in: Any = next(base for base in kind.__mro__ if base.__module__ == "builtins")
    failure: Failure = built_in.__new__(kind)
    return failure


def _failing(cls: type[Failure], status: int) -> int:
    code = int(http.status(status))
    if code in cls.statuses:
        return code
    failing = code in Failure.statuses
    instead = f"raise Failure(message, {code})" if failing else "return a response, or redirect()"
    raise ValueError(
        f"{code} is no status of a {cls.__name__}, which has {cls.statuses[0]} to "
        f"{cls.statuses[-1]}; {instead}"
    )
