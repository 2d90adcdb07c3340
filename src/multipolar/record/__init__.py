"""What is known: immutable, dated, sourced statements, and views of them as of a day.

>>> from multipolar.record import Record
>>> record = Record.memory()
>>> record.view().counts()["event"]
0
"""

from __future__ import annotations

from multipolar.record.changes import Changes, changes
from multipolar.record.extent import actor_years
from multipolar.record.ids import with_ids
from multipolar.record.model import REPORTED, Batch, BatchInfo, Correction, Coverage, Receipt, Source
from multipolar.record.schema import CHOICES, FORMS, KINDS, SYMMETRIC, Form, columns
from multipolar.record.store import Record
from multipolar.record.view import View

__all__ = [
    "CHOICES",
    "FORMS",
    "KINDS",
    "REPORTED",
    "SYMMETRIC",
    "Batch",
    "BatchInfo",
    "Changes",
    "Correction",
    "Coverage",
    "Form",
    "Receipt",
    "Record",
    "Source",
    "View",
    "actor_years",
    "changes",
    "columns",
    "with_ids",
]
