"""Rasa's custom actions, one file a topic: read slots, one service call, name a reply."""
