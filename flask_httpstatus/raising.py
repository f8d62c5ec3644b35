"""Raising: where the application has raised, and the warnings that point there."""

import inspect
import warnings
from types import FrameType, TracebackType

# Flask's abort() raises for its caller.
_NOT_THE_APPLICATION = frozenset({__package__, "flask", "werkzeug"})


class FailureWarning(UserWarning):
    """Tells the developer of a failure that is answered, but not as well as it could be."""


def is_of_application(frame: FrameType) -> bool:
    """Tell whether the code of the frame is the application's, or of what it uses."""
    name: str = frame.f_globals.get("__name__", "")
    return name.partition(".")[0] not in _NOT_THE_APPLICATION


def frames_to_caller() -> int:
    """Return the ``stacklevel`` at which a warning points at the application."""
    depth, frame = 0, inspect.currentframe()
    while frame and not is_of_application(frame):
        depth, frame = depth + 1, frame.f_back
    return depth


def raised_at(exception: BaseException) -> TracebackType | None:
    """Return where the application has raised the exception, None for one that was not raised."""
    # Another service's failure was raised; ours in place of it was not.
    raised = exception if exception.__traceback__ else exception.__cause__
    found = traceback = raised.__traceback__ if raised else None
    while traceback is not None:
        if is_of_application(traceback.tb_frame):
            found = traceback
        traceback = traceback.tb_next
    return found


def warn_at_raise(failure: BaseException, message: str, category: type[FailureWarning]) -> None:
    """Warn the developer, once for each line of the application that raises the failure."""
    raised = raised_at(failure)
    if raised is None:
        warnings.warn(message, category, stacklevel=frames_to_caller())
    else:
        frame = raised.tb_frame
        warnings.warn_explicit(
            message,
            category,
            frame.f_code.co_filename,
            raised.tb_lineno,
            frame.f_globals.get("__name__"),
            frame.f_globals.setdefault("__warningregistry__", {}),
        )
