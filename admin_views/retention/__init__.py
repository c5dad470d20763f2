"""Retention (保存年限): what is due, what is held, what was erased and the certificates of it."""
