"""The one view class for records of any entity; the dispatcher holds its instances."""

from admin_views.records.course_pages import CoursePages


class RecordView(CoursePages):
    """List, details, changes, sharing and courses; never registered: the dispatcher calls its
    handlers.

    The parts stand in one line of descent: Flask-Admin's metaclass writes inherited handlers
    into every subclass, so that of two mixed-in parts the first would hide the second's.
    """
