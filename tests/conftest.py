"""What every test may ask for."""

import pytest

from flask_httpstatus import Failures, Flask


@pytest.fixture
def app():
    """Return an application with the extension, as it is in production.

    pytest-flask makes the ``client`` of it.
    """
    app = Flask("example")
    app.register_extension(Failures())
    return app
