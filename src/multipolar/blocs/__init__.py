"""Who stands with whom: balance, camps, poles and the landscape of the signed network of a month, each with how sure it is.

NumPy in, NumPy out in `multipolar.blocs.arrays`; here the same with labels.
"""

from __future__ import annotations

from multipolar.blocs.build import POWERS, blocs
from multipolar.blocs.inputs import Network, network
from multipolar.blocs.model import Blocs

__all__ = ["POWERS", "Blocs", "Network", "blocs", "network"]
