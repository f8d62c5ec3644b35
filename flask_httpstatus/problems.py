"""Problem: declared types, their members as JSON and as schema."""

import builtins
import inspect
import re
import string
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, field
from datetime import datetime, timedelta
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    NamedTuple,
    Self,
    cast,
    dataclass_transform,
    get_origin,
    overload,
)
from urllib.parse import quote

from flask import current_app, has_app_context, has_request_context, request

from . import settings
from .failures import Failure
from .headers import ABSOLUTE_URI, HeadersGiven
from .registry import STANDARD_MEMBERS, check_member_name, facts_of_kinds
from .texts import Text

if TYPE_CHECKING:
    from .issues import Issue

#: Under this key an application remembers the path of the pages of its problem types.
PAGES = "httpstatus.pages"

_SLUG = r"[A-Za-z0-9._~-]+"
# From Python 3.14 on annotations are evaluated when they are read, but for this format (PEP 749).
_UNEVALUATED: dict[str, Any] = {"format": 3} if sys.version_info >= (3, 14) else {}


class Member(NamedTuple):
    """A member of a problem type, declared by an annotation; also the attribute that reads it.

    :param name: the name of the attribute.
    :param sent_as: the name in the document: that without an underscore at its end.
    :param default: makes its value where none is given, None if it has to be given.
    """

    name: str
    sent_as: str
    default: Callable[[], Any] | None = None

    @overload
    def __get__(self, problem: None, kind: type) -> Self: ...
    @overload
    def __get__(self, problem: "Problem", kind: type) -> Any: ...
    def __get__(self, problem: "Problem | None", kind: type) -> Any:
        if problem is None:
            return self
        try:
            return problem.members[self.sent_as]
        except KeyError:
            raise AttributeError(f"this {kind.__name__} came without {self.sent_as!r}") from None

    def __set__(self, problem: "Problem", value: Any) -> None:
        problem.members[self.sent_as] = value


@dataclass_transform(kw_only_default=True, eq_default=False, field_specifiers=(field,))
class _Declared(Failure):
    """Has the type checkers read the annotations below it as keyword arguments."""


class Problem(_Declared):
    """A problem type of one's own, declared with a kind: ``class NameTaken(Problem, Conflict)``.

    The annotations of the class are its members: keyword arguments when it is raised, attributes
    afterwards. Its docstring is the explanation on the page of the type: what happened, then what
    to do. A class without a kind is a base for others and cannot be raised.

    :param message: by default the class' ``message``, in which ``{name}`` stands for a member,
        else the title.
    :param headers: as on every failure.
    :param retry_after: as on every failure.
    :raises TypeError: for a member that is missing or not declared.
    """

    #: An absolute URI, or a slug under ``base``; by default the class name in kebab-case. It is
    #: never inherited, for another class is another type (RFC 9457, Section 3.1.1).
    type: ClassVar[str] = ""
    #: What the type is called; by default the words of the class name.
    title: ClassVar[str] = ""
    #: What the slugs stand under; by default FAILURES_TYPE_BASE, else where the pages are.
    base: ClassVar[str] = ""
    #: The members, by the name of the attribute.
    declared: ClassVar[Mapping[str, Member]] = {}
    #: The title that a class or its base has written; otherwise it is made of the name.
    written_title: ClassVar[str] = ""
    #: Whether a class or its base has written ``retryable``, which is sent then.
    says_retryable: ClassVar[bool] = False

    if TYPE_CHECKING:
        # Fields, so that the constructor which the checkers make has them. What is given is more
        # than what is kept, which no field can say but as Any.
        message: str = field(default="", kw_only=False)
        headers: Any = None
        retry_after: Any = None
        errors: Sequence[Issue] = ()  # where the kind takes them

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Read the declaration.

        :raises TypeError: for a member with a reserved name, a type that is no URI, or a message
            with a member that is not declared.
        """
        super().__init_subclass__(**kwargs)
        cls.type = vars(cls).get("type") or _words(cls.__name__, "-").lower()
        if not re.fullmatch(ABSOLUTE_URI, cls.type) and not re.fullmatch(_SLUG, cls.type):
            raise TypeError(f"{cls.__name__}.type = {cls.type!r} is neither a URI nor a slug")
        # A title that is written is inherited, one that is made of the name is not.
        cls.written_title = vars(cls).get("title", cls.written_title)
        cls.title = cls.written_title or _words(cls.__name__, " ").capitalize()
        cls.says_retryable = cls.says_retryable or "retryable" in vars(cls)
        members = {name: _member(cls, name) for name in annotations_of(cls)}
        cls.declared = {**cls.declared, **members}
        if len({one.sent_as for one in cls.declared.values()}) < len(cls.declared):
            raise TypeError(f"{cls.__name__} has two members that are sent under the same name")
        for name, member in members.items():
            setattr(cls, name, member)
        _check_template(cls)

    def __init__(
        self,
        message: Text | None = None,
        status: int | None = None,
        *,
        headers: HeadersGiven | None = None,
        retry_after: int | timedelta | datetime | None = None,
        **given: Any,
    ) -> None:
        kind = builtins.type(self)
        if kind.code is None:
            raise TypeError(
                f"{kind.__name__} has no kind and is only a base; derive from it and from a kind: "
                f"class {kind.__name__}Conflict({kind.__name__}, Conflict)"
            )
        values = {
            name: given.pop(name) if name in given else one.default and one.default()
            for name, one in self.declared.items()
            if name in given or one.default
        }
        missing = [name for name in self.declared if name not in values]
        unknown = [name for name in given if name not in facts_of_kinds]
        if missing or unknown:
            raise TypeError(
                f"{kind.__name__} has the members {', '.join(self.declared) or '(none)'}"
                + (f"; missing: {', '.join(missing)}" if missing else "")
                + (f"; not declared: {', '.join(unknown)}" if unknown else "")
            )
        super().__init__(
            self.written(values) if message is None else message,
            status,
            headers=headers,
            retry_after=retry_after,
            **given,
            **{self.declared[name].sent_as: value for name, value in values.items()},
        )
        if self.says_retryable and self.retryable is not None:
            self.members["retryable"] = self.retryable

    @classmethod
    def written(cls, values: Mapping[str, Any]) -> str:
        """Return the message of the class with these values, the title where that cannot be."""
        template = _template(cls)
        if not isinstance(template, str):
            return template or cls.title
        try:
            return template.format(**values)
        except Exception:  # noqa: BLE001 - the format of a value, such as {price:.2f} of a str
            return cls.title

    @classmethod
    def uri(cls) -> str:
        """Return the URI of the type: absolute, or a path of the current application."""
        if re.fullmatch(ABSOLUTE_URI, cls.type):
            return cls.type
        base = cls.base or settings.current().type_base or _path_of_pages()
        return f"{base.rstrip('/')}/{cls.type}"

    @property
    def type_uri(self) -> str:
        """The ``type`` of the problem document (RFC 9457, Section 3.1.1)."""
        return self.uri()


def annotations_of(cls: builtins.type) -> dict[str, Any]:
    """Return the annotations that a class has of its own, as they are written.

    Those of class variables are left out, for they are of no member and no field.
    """
    annotations = inspect.get_annotations(cls, **_UNEVALUATED)
    return {name: one for name, one in annotations.items() if not _is_class_variable(one)}


def explanation_of(problem: builtins.type[Problem]) -> tuple[str, str]:
    """Return what happened and what to do: the first paragraph of the docstring, and the rest."""
    happened, _, to_do = inspect.cleandoc(problem.__doc__ or "").partition("\n\n")
    return happened, to_do.strip()


def _path_of_pages() -> str:
    if not has_app_context():
        return "/problems"
    config = cast("Mapping[str, Any]", current_app.config)
    given: str = request.root_path if has_request_context() else config["APPLICATION_ROOT"]
    root = quote(given.strip("/"))
    pages: str = current_app.extensions.get(PAGES, "/problems")
    return f"/{root}{pages}" if root else pages


def _words(name: str, separator: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", separator, name)


def _is_class_variable(annotation: object) -> bool:
    text = annotation if isinstance(annotation, str) else ""
    return get_origin(annotation) is ClassVar or re.match(r"(\w+\.)?ClassVar\b", text) is not None


def _member(cls: type[Problem], name: str) -> Member:
    sent_as = name.removesuffix("_")
    of_every_failure = hasattr(Problem, name) or name.startswith("_")
    if of_every_failure and sent_as not in STANDARD_MEMBERS:
        raise TypeError(
            f"{cls.__name__} cannot have the member {name!r}, which every failure has; "
            f"name it {sent_as}_, which is sent as {sent_as!r}"
        )
    if not (sent_as == "errors" and hasattr(cls, "errors")):
        check_member_name(sent_as, cls)
    if name not in vars(cls):
        return Member(name, sent_as)
    default: Any = vars(cls)[name]
    # Not isinstance(), which would leave its attributes without a type.
    if issubclass(type(default), Field):
        if default.default is MISSING:
            made = default.default_factory
            return Member(name, sent_as, None if made is MISSING else made)
        default = default.default
    if isinstance(default, (list, dict, set)):
        raise TypeError(
            f"{cls.__name__}.{name} = {default!r} would be shared by all; "
            "write field(default_factory=...)"
        )
    return Member(name, sent_as, lambda: default)


def _template(cls: type[Problem]) -> Any:
    """Return the message that a problem type declares, not that of its kind."""
    base = next(base for base in cls.__mro__ if "message" in vars(base))
    return vars(base)["message"] if issubclass(base, Problem) else None


def _check_template(cls: type[Problem]) -> None:
    template = _template(cls)
    if not isinstance(template, str):
        return
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]
    except ValueError as error:
        raise TypeError(f"the message of {cls.__name__} is no template: {error}") from None
    for name in names:
        if re.split(r"[.\[]", name)[0] not in cls.declared:
            raise TypeError(
                f"the message of {cls.__name__} has {{{name}}}; its members are "
                f"{', '.join(cls.declared) or '(none)'} (write a brace that is meant twice)"
            )
