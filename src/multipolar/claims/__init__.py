"""Is it true: a claim, the tests that could show it wrong, and the verdict with what weighs on either side."""

from __future__ import annotations

from multipolar.claims.check import check, check_one
from multipolar.claims.load import load, worked
from multipolar.claims.measured import MEASURES, ClaimMeasure
from multipolar.claims.model import Asked, Checked, Claim, Finding, Test, Verdict

__all__ = [
    "MEASURES",
    "Asked",
    "Checked",
    "Claim",
    "ClaimMeasure",
    "Finding",
    "Test",
    "Verdict",
    "check",
    "check_one",
    "load",
    "worked",
]
