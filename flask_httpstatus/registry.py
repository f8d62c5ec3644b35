"""Registry: the kinds by status, and the names that members cannot have."""

import re
import warnings
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from .raising import FailureWarning, frames_to_caller

if TYPE_CHECKING:
    from .failures import Failure

#: RFC 9457, Section 3.1
STANDARD_MEMBERS = frozenset({"type", "title", "status", "detail", "instance"})

_MEMBER_NAME = r"[A-Za-z][A-Za-z0-9_]{2,}"  # RFC 9457, Section 4

_kinds: dict[int, type["Failure"]] = {}
#: The kind of each registered status from 400 to 599.
KINDS: Mapping[int, type["Failure"]] = MappingProxyType(_kinds)
#: The keywords that only some kinds take, with the first kind that takes it.
facts_of_kinds: dict[str, str] = {}


def register(code: int, kind: type["Failure"], classes: Iterable[type]) -> None:
    """Put a kind of the library's into the registry, with the keywords of its own.

    :param classes: itself and its bases, without what every failure has.
    """
    _kinds[code] = kind
    for one in classes:
        for name in getattr(vars(one).get("__init__"), "__kwdefaults__", None) or ():
            facts_of_kinds.setdefault(name, kind.__name__)


def check_member_name(name: str, kind: type["Failure"]) -> None:
    """Check that a member of this name can be sent.

    :raises TypeError: for the names of standard members and of other kinds' facts.
    """
    if name in STANDARD_MEMBERS:
        raise TypeError(
            f"{name!r} is a standard member of a problem document; name your own differently"
        )
    if name in facts_of_kinds:
        raise TypeError(
            f"{kind.__name__} takes no {name!r}, which is a fact of {facts_of_kinds[name]}; "
            "name a member differently"
        )
    if not re.fullmatch(_MEMBER_NAME, name):
        warnings.warn(
            f"the member {name!r} is not as RFC 9457, Section 4 wants it: three or more "
            "letters, digits and '_', the first one a letter",
            FailureWarning,
            stacklevel=frames_to_caller(),
        )
