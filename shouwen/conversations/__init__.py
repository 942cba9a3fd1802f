"""Talks with customers: sessions, messages, turns, and who owns them."""
