"""Extraction, page by page: export at once, ask, decide, fetch, confirm; the ledger of it all."""
