"""Applicants and their own application: links, short sessions, addresses to be confirmed, what
they asked for, and what they are told. It knows no request and sends no mail."""
