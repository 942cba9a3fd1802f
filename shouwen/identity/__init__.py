"""Who a customer is, as far as a chat can know: levels, codes by telephone, locks, links (identity §3)."""
