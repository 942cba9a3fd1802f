"""Personal data apart from the chat: encrypted, keyed by message and span, fetched by reference."""
