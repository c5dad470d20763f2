"""Requests under the law on personal data (開示・訂正・利用停止): the register with its clock, and
everything that is held on the person, in one paper."""
