"""The register of incidents with personal data (漏えい等), and their reports."""
