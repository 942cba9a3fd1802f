"""`shouwen bench`: the real stack under scripted customers, every reply checked."""
