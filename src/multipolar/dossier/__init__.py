"""The embedded default: statements compiled by hand, each with its source, shipped with the package.

>>> from multipolar import dossier
>>> batch = dossier.load()
>>> sorted(batch.frames)
['attitude', 'event', 'flow', 'tie', 'trait', 'vote']

The files are in ``dossier/data``; its README says how to add a fact in one line.
``python -m multipolar.dossier`` checks them and counts what is there.
"""

from __future__ import annotations

from multipolar.dossier.loader import load
from multipolar.dossier.states import STATES
from multipolar.dossier.table import COMPILED

__all__ = ["COMPILED", "STATES", "load"]
