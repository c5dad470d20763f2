"""Extraction: files with records that leave the system, under four eyes where they must."""
