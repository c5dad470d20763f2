"""What applicants do with their own application, each act with its entry in the register, its
note among the activities and its mail, in one transaction."""
