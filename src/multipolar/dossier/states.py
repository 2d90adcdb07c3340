"""The states that the dossier is dense for."""

from __future__ import annotations

from typing import Final

_IDS: Final = (
    "USA CAN MEX BRA ARG CUB VEN NIC GBR FRA DEU ITA ESP POL NLD BEL SWE NOR FIN DNK EST LVA LTU CZE SVK HUN ROU BGR GRC PRT "
    "AUT CHE SRB UKR BLR MDA RUS GEO ARM AZE TUR KAZ UZB KGZ TJK TKM CHN TWN MNG PRK KOR JPN IND PAK BGD AFG IRN IRQ SYR ISR "
    "SAU ARE QAT KWT BHR OMN YEM EGY ETH ZAF AGO NAM DZA MLI NGA VNM THA IDN MYS SGP PHL BRN MMR LAO KHM AUS NZL"
)

#: Ids of the states between which common treaties are expanded and for which coverage may be claimed.
STATES: Final[tuple[str, ...]] = tuple(_IDS.split())
