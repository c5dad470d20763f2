"""Passkeys: by an authenticator made of software, and in a real browser."""
