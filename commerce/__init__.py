"""What a shop's facts mean: pure values and pure functions.

One meaning in one place: the panel and the sync both take their labels, sums and
milestones from here, so agent and bot cannot disagree. Nothing in here does I/O or
reads a clock, and nothing in here imports another package of ours.
"""
