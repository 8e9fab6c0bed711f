"""Talking to Milvus: connecting, and errors in plain words."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import StoreError
from index.stores.settings import StoreSettings

if TYPE_CHECKING:
    from pymilvus import MilvusClient

_clients: dict[tuple[str, str], MilvusClient] = {}
_lock = threading.Lock()


def connect(settings: StoreSettings) -> MilvusClient:
    """Return the client for an address; one is kept per address, for all threads.

    :raises StoreError: pymilvus is not installed, or nothing answers there.
    """
    try:
        from pymilvus import MilvusClient
    except ImportError as error:
        raise StoreError(
            "用 Milvus 存储要先安装它的客户端：pip install 'tiaowen[milvus]'"
        ) from error
    key = (settings.uri, settings.token)
    with _lock:
        if key not in _clients:
            if "://" not in settings.uri:
                Path(settings.uri).parent.mkdir(parents=True, exist_ok=True)
            with plain_errors(settings.uri):
                _clients[key] = MilvusClient(uri=settings.uri, token=settings.token)
        return _clients[key]


def disconnect(settings: StoreSettings) -> None:
    """Close the client of an address, so that Milvus Lite lets go of its file."""
    with _lock:
        client = _clients.pop((settings.uri, settings.token), None)
    if client is None:
        return
    client.close()
    if "://" not in settings.uri:
        from milvus_lite.server_manager import server_manager_instance

        server_manager_instance.release_server(settings.uri)


@contextmanager
def plain_errors(uri: str) -> Iterator[None]:
    """Turn what pymilvus raises into a `StoreError` that names the address."""
    from pymilvus.exceptions import MilvusException

    try:
        yield
    except MilvusException as error:
        reason = str(getattr(error, "message", "") or error).strip()
        raise StoreError(f"Milvus（{uri}）没有完成请求：{reason}") from error
