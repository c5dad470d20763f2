"""Formulas of calculated attributes: read, checked, reckoned; no eval, nothing without a bound.

A formula is short, so that its tree is small; it names attributes of one record, no other's.
"""
