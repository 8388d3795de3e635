"""What networks make of images: several looks, several networks, several images, and how sure."""
