"""Likely duplicates by a solution's rules: found while entering, found by a job, merged.

Second places of an alternate key are `models/records/duplicates.py`: those the database refuses.
"""
