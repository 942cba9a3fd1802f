"""The link that resets a login password (identity §3.3). The transaction PIN is never reset here."""


def link(page: str, token: str) -> str:
    """The address the customer opens: the token stands in the fragment, which no server and no log ever sees."""
    return f"{page}#{token}"
