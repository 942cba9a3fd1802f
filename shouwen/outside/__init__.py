"""Systems outside the product's own process, each behind a protocol."""
