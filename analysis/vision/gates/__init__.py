"""Channel attention: which channels a network turns up and down, and what for."""
