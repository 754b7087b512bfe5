"""What `doctor` looks at: one module for each neighbour, each saying what it found and what to do about it."""
