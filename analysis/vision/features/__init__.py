"""What is inside a network: its first filters, its maps of an image, and what excites its units."""
