"""Rasa's side of Shouwen: understanding, dialogue and their storage, on loopback behind one channel.

Runs on Python 3.10 (the last one Rasa 3.6 supports) in an environment of its own; imports nothing of `shouwen` but
the pure modules of `shouwen.text`.
"""
