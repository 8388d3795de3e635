"""To be written."""

SPECS = ()
