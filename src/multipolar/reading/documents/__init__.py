"""From files, pages and texts to documents, one by one or a whole folder (`folder`)."""

from __future__ import annotations

from multipolar.reading.documents.article import PAGES, TEXTS, id_of, load, of_bytes, of_text

__all__ = ["PAGES", "TEXTS", "id_of", "load", "of_bytes", "of_text"]
