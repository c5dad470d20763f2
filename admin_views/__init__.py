"""The staff's front door: a back office on Flask-Admin, filtered by what the caller may do.

It knows no SQL and no key; every record it shows came from the record service.
"""
