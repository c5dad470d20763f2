"""Teams: what several people hold together, records shared with all of them, and who is in one."""
