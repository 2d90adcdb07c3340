"""Scores, intervals by drawing whole periods, regressions and the histories of pairs: NumPy in, NumPy out."""
