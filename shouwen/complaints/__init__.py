"""Complaints become tickets with a promise that is kept: the working-day calendar and the clocks (R1-R11, E1)."""
