"""A chat server that reads: asked with a schema, and its answers checked against the article."""

from __future__ import annotations

from multipolar.reading.endpoint.chat import Endpoint

__all__ = ["Endpoint"]
