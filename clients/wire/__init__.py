"""HTTP as both platforms need it: pooled, bound by a total deadline, with one tree of errors. Knows no vendor."""
