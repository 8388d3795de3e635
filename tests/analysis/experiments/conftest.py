"""A file server on this machine, as the tests of the weights have it."""

from tests.cnn_models.conftest import closed_port, no_network, server

__all__ = ["closed_port", "no_network", "server"]
