"""A bank to try everything on: a process of its own, fictitious customers, everything in memory only."""
