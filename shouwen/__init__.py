"""Shouwen 首问: everything that is not Rasa."""
