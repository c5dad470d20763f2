"""Records in HTML: forms built from definitions, form sessions, the CAPTCHA. No Flask views."""
