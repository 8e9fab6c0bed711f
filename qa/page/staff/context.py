"""What stands behind the pages of the staff."""

from __future__ import annotations

from dataclasses import dataclass

from qa.accounts import Door
from qa.api import PolicyService
from qa.page.site import Site


@dataclass(frozen=True, slots=True)
class Context:
    """Given to every tab when its routes are made. ``door`` is None where no users are kept."""

    service: PolicyService
    site: Site
    door: Door | None
