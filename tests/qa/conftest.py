"""Real services: over an invented town, over the shipped samples, and without a model."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from corpus import CorpusStore
from index.encoder import Encoder, load_encoder
from qa.accounts import login, passwords
from qa.service import Service, index_root
from tests.qa.town import open_home, open_town


@pytest.fixture(scope="module")
def quick_hashes() -> Iterator[None]:
    """Hash passwords with parameters of a few milliseconds; those in use take a fifth of a second.

    What depends on the parameters is tested without this.
    """
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
        patch.setattr(passwords, "_HASHER", quick)
        login._nobody.cache_clear()
        yield
    login._nobody.cache_clear()


@pytest.fixture(scope="session")
def encoder(model_folder: Path) -> Encoder:
    """Return the real model."""
    return load_encoder(None, model_folder)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Service]:
    """Return the service over the invented documents; no test may change its home."""
    service = open_town(tmp_path_factory.mktemp("town"), encoder)
    yield service
    service.close()


@pytest.fixture(scope="session")
def samples(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, pytestconfig: pytest.Config
) -> Iterator[Service]:
    """Return the service over the shipped samples; no test may change its home.

    Their embeddings stay in pytest's cache, so that only the first run waits for them.
    """
    home = tmp_path_factory.mktemp("samples")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("TIAOWEN_SAMPLES", raising=False)
        CorpusStore.open(home).close()
    embeddings = index_root(home) / "embeddings.sqlite3"
    kept = pytestconfig.cache and pytestconfig.cache.mkdir("tiaowen") / embeddings.name
    if kept and kept.is_file():
        embeddings.parent.mkdir()
        shutil.copyfile(kept, embeddings)
    service = open_home(home, encoder)
    if kept:
        shutil.copyfile(embeddings, kept.with_suffix(".new"))
        kept.with_suffix(".new").replace(kept)
    yield service
    service.close()


@pytest.fixture(scope="session")
def town_by_words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Return the service over the invented documents where there is no model."""
    service = open_town(tmp_path_factory.mktemp("words"), None)
    yield service
    service.close()


@pytest.fixture(scope="session")
def samples_by_words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Return the service over the shipped documents where there is no model."""
    home = tmp_path_factory.mktemp("samples-by-words")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("TIAOWEN_SAMPLES", raising=False)
        CorpusStore.open(home).close()
    service = open_home(home, None)
    yield service
    service.close()


@pytest.fixture
def own_town(tmp_path: Path, town: Service) -> Iterator[Callable[[], Service]]:
    """Return a maker of services over a copy of the town that a test may change."""
    home = tmp_path / "home"
    shutil.copytree(town.home, home)
    opened: list[Service] = []

    def make() -> Service:
        service = Service(home, CorpusStore.open(home, samples=False), town.encoder)
        opened.append(service)
        return service

    yield make
    for service in opened:
        service.close()
