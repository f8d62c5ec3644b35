"""What every test may ask for."""

import hypothesis
import pytest

from flask_httpstatus import Failures, Flask

# How long an example takes is the machine's business; no test is timed. The rest is as Hypothesis
# has it where it runs, which in CI are the same examples every time.
hypothesis.settings.register_profile(
    "untimed",
    parent=hypothesis.settings(),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("untimed")


@pytest.fixture
def app():
    """Return an application with the extension, as it is in production.

    pytest-flask makes the ``client`` of it.
    """
    app = Flask("example")
    app.register_extension(Failures())
    return app
