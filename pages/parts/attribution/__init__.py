"""The parts of the page about attribution."""
