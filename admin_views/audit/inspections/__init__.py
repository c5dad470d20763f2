"""The monthly inspection of the audit (点検): a month's figures, looked at and signed off once."""
