"""`shouwen eval`: how well labelled sentences are understood."""
