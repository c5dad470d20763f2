"""Queues（受付箱）: records that a team owns and that wait for somebody of the team."""
