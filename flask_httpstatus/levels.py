"""Levels: how loudly the failures of a status or kind are logged."""

import logging
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, TypeGuard, cast

from .failures import Failure
from .registry import KINDS


class Level(NamedTuple):
    """How some failures are logged.

    :param number: the level, as the logging module has it.
    :param share: which part of them, taken at random; 1 for all.
    """

    number: int
    share: float = 1.0


class Levels:
    """How all failures are logged; None stands for those that are not.

    :param statuses: by status.
    :param classes: by class of the application's own; they win.
    """

    def __init__(
        self,
        statuses: Mapping[int, Level | None],
        classes: Mapping[type[Failure], Level | None],
    ) -> None:
        self.statuses = statuses
        self.classes = classes

    def of(self, failure: Failure) -> Level | None:
        """Return how a failure is logged: as its nearest class, otherwise as its status."""
        if self.classes:
            for base in type(failure).__mro__:
                if base in self.classes:
                    return self.classes[base]
        return self.statuses[failure.code or 500]


DEFAULT_LEVELS = Levels(
    MappingProxyType(
        {
            **dict.fromkeys(range(400, 500), Level(logging.INFO)),
            **dict.fromkeys(range(500, 600), Level(logging.ERROR)),
        }
    ),
    MappingProxyType({}),
)


def checked_levels(value: object) -> Levels:
    """Return the levels of FAILURES_LOG_LEVELS, with the defaults for the rest.

    :raises ValueError: for what selects no failures, and for what is no level.
    """
    if not isinstance(value, Mapping):
        raise ValueError("a dict such as {'4xx': 'INFO', 404: 'DEBUG', 410: None} is wanted")
    statuses, classes = dict(DEFAULT_LEVELS.statuses), dict[type[Failure], Level | None]()
    given = cast("Mapping[object, object]", value)
    # The widest first, so that the narrower one wins wherever it stands.
    for selector in sorted(given, key=lambda selector: -len(_statuses_of(selector))):
        level = _level(given[selector])
        statuses |= dict.fromkeys(_statuses_of(selector), level)
        if _is_kind(selector) and not _statuses_of(selector):
            classes[selector] = level
    return Levels(statuses, classes)


def _level(value: Any) -> Level | None:
    match value:
        case None:
            return None
        case (level, share):
            pass
        case level:
            share = 1
    names = logging.getLevelNamesMapping()
    number = names.get(level.upper()) if isinstance(level, str) else level
    if not isinstance(number, int) or isinstance(number, bool):
        raise ValueError(
            f"{level!r} is no level; there are {', '.join(names)}, and None for no record"
        )
    if not isinstance(share, (int, float)) or not 0 < share <= 1:
        raise ValueError(f"{share!r} is no share such as 0.01, which is one in a hundred")
    return Level(number, share)


def _statuses_of(selector: object) -> range:
    """Return the statuses that are selected, none by a class of the application's own."""
    if not _is_kind(selector):
        return codes(selector)
    if "statuses" in vars(selector):
        return selector.statuses
    code = selector.code or 0
    return codes(code) if KINDS.get(code) is selector else range(0)


def _is_kind(selector: object) -> TypeGuard[type[Failure]]:
    return isinstance(selector, type) and issubclass(selector, Failure)


def codes(selector: object) -> range:
    """Return the statuses that ``"4xx"``, ``"5xx"`` or a single status stand for.

    :raises ValueError: for anything else.
    """
    if isinstance(selector, str) and re.fullmatch(r"[45]xx", selector):
        first = int(selector[0]) * 100
        return range(first, first + 100)
    if isinstance(selector, int) and 400 <= selector <= 599:
        return range(int(selector), int(selector) + 1)
    raise ValueError(f"{selector!r} is neither '4xx', '5xx' nor a status from 400 to 599")
