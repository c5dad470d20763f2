"""The pages of an applicant's own application: opened by the link in a mail and a button, shown,
corrected, withdrawn, its erasure asked for; and the way to a new link for who lost theirs."""
