"""The job kinds end_retention and carry_out_erasures: every day, records that are not kept any
longer are found; what a person has approved, or what needs no approval, goes."""
