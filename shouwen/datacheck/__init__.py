"""`shouwen check`: every fault in data/ and domain.yml at once, in seconds and without Rasa."""
