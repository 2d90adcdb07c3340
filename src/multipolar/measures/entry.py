"""What the catalogue says of a measure: every module of the room describes its own in one `Entry`."""

from __future__ import annotations

from dataclasses import dataclass

from multipolar.record import Form


@dataclass(frozen=True)
class Entry:
    """One measure as the catalogue lists it.

    Attributes
    ----------
    name : str
        Name of the function in `multipolar.measures`.
    title : str
        What it is called by its readers.
    definition : str
        What it measures, in one or two sentences; a formula in backticks where there is one.
    inputs : str
        What has to be named to ask for it.
    unit, range : str
        Unit of the figure, and the values that it can take.
    interval : str
        What its interval runs over.
    source : str
        Whose idea it is: author, year, and DOI or page; "ours" where it is nobody else's.
    needs : tuple of (form, kinds)
        Statements that it is made from, as forms and kinds of the record. One kind of each form is enough.
    refuses : tuple of str
        When it gives a reason in place of a figure.
    """

    name: str
    title: str
    definition: str
    inputs: str
    unit: str
    range: str
    interval: str
    source: str
    needs: tuple[tuple[Form, tuple[str, ...]], ...]
    refuses: tuple[str, ...]
