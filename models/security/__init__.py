"""Who may do what to which record, and see which attribute. It reads no record itself."""
