"""Values that follow from others: numbers in sequence, calculated attributes, rollups.

They are written in the record's own transaction, by whichever door it came.
"""
