"""Opening a picture that somebody uploaded, without trusting a byte of it."""

from __future__ import annotations


class BadImage(ValueError):
    """The upload cannot be used; the message is one plain sentence that says what would work."""
