"""Contractors (運用委託事業者): who works for the office under contract, for how long, on what."""
