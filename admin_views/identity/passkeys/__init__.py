"""Passkeys (WebAuthn): registered, shown as a proof, taken away. What they open is not known here.

The library's own ceremonies are not used: they keep the challenge in a signed address that works
again and again for a minute, believe the Host header, and do without user verification where it is
missing (docs/adr/0010-passkeys-and-recovery.md).
"""
