"""How a signal gets through a deep network: forwards as activations, backwards as gradients.

What decides it, each measured in a file of its own: how the weights start, which way leads round
the layers, and normalisation.
"""
