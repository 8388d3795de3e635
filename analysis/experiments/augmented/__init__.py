"""What each augmentation makes of one picture, and how many pictures that are."""
