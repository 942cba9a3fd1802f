"""All tables, known in one place: importing this fills `shouwen.db.metadata`."""

from shouwen.content import store as content
from shouwen.conversations import tables as conversations
from shouwen.db import metadata
from shouwen.identity import tables as identity
from shouwen.servicing import tables as servicing
from shouwen.vault import store as vault

__all__ = ["content", "conversations", "identity", "metadata", "servicing", "vault"]
