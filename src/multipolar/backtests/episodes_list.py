"""The episodes: what names each, its windows, and the pairs that are to be foretold.

Windows and pairs are those of the project's list of targets, of votes, alliances and disputes before and after (UNGA ideal
points, ATOP 5, GML MID). The shock of each was chosen before any prediction was made (docs/episodes.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Pair = tuple[str, str]
Window = tuple[int, int]


@dataclass(frozen=True)
class Episode:
    """A change of the tie of two states, and the ties of others around it.

    Attributes
    ----------
    name : str
    before, after : (int, int)
        First and last year of both windows.
    shock : (str, str)
        The two states whose change is given, a < b.
    pairs : tuple of (str, str)
        The pairs to be foretold, each a < b.
    """

    name: str
    before: Window
    after: Window
    shock: Pair
    pairs: tuple[Pair, ...]

    @property
    def years(self) -> int:
        """Years from the middle of the window before to the middle of that after, at least 1."""
        return max(1, (sum(self.after) - sum(self.before)) // 2)

    @property
    def states(self) -> tuple[str, ...]:
        """The states it names, sorted."""
        return tuple(sorted({state for pair in (self.shock, *self.pairs) for state in pair}))


def _episode(name: str, before: Window, after: Window, shock: str, pairs: str) -> Episode:
    told = tuple(_pair(each) for each in pairs.split())
    return Episode(name, before, after, _pair(shock), told)


def _pair(text: str) -> Pair:
    a, b = sorted(text.split("-"))
    return a, b


EPISODES: Final[tuple[Episode, ...]] = (
    _episode(
        "Sino-Soviet split", (1954, 1956), (1969, 1971), "CHN-RUS",
        "ALB-RUS ALB-CHN IND-CHN IND-RUS PAK-CHN ROU-RUS PRK-CHN PRK-RUS VNM-CHN VNM-RUS MNG-RUS MNG-CHN",
    ),
    _episode(
        "Nixon opening", (1967, 1970), (1973, 1976), "USA-CHN",
        "USA-RUS JPN-CHN VNM-CHN USA-TWN CHN-RUS ALB-CHN VNM-RUS IND-RUS IND-USA PAK-CHN",
    ),
    _episode(
        "End of Cold War", (1983, 1986), (1992, 1995), "RUS-USA",
        "POL-RUS POL-USA HUN-USA BGR-USA ROU-USA ALB-USA CUB-RUS PRK-RUS KOR-RUS CHN-RUS VNM-RUS IND-RUS",
    ),
    _episode(
        "Russia 2014 (Crimea)", (2010, 2013), (2016, 2019), "RUS-UKR",
        "RUS-USA RUS-DEU RUS-CHN RUS-BLR RUS-KAZ RUS-GEO RUS-HUN RUS-SRB RUS-TUR RUS-IND RUS-IRN CHN-USA PRK-CHN PRK-RUS",
    ),
    _episode("Vietnam bamboo 2010s", (2009, 2011), (2017, 2019), "VNM-USA", "VNM-CHN VNM-RUS VNM-JPN VNM-IND"),
)  # fmt: skip
