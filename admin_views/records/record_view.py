"""The one view class for records of any entity; the dispatcher holds its instances."""

from admin_views.records.suggestion_pages import SuggestionPages


class RecordView(SuggestionPages):
    """List, details, changes, sharing, courses, duplicates, mails, suggestions; never
    registered: the dispatcher calls its handlers.

    The parts stand in one line of descent: Flask-Admin's metaclass writes inherited handlers
    into every subclass, so that of two mixed-in parts the first would hide the second's.
    """
