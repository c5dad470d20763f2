"""Dashboards: the solution's charts, drawn on the server, with a table beside each."""
