"""The HTTP API: the same answers as the page, for programs."""

from __future__ import annotations

from qa.api.app import api_app
from qa.api.limits import Gate, TokenBuckets
from qa.api.protocol import PolicyService

__all__ = ["Gate", "PolicyService", "TokenBuckets", "api_app"]
