"""`tiaowen doctor`: is this installation in order, and what mends what is not."""

from qa.doctor.checks import examine
from qa.doctor.types import Check, Level, Patient

__all__ = ["Check", "Level", "Patient", "examine"]
