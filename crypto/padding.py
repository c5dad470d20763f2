"""Padding to buckets (ISO 7816-4: one 0x80, then zeros), so that a length tells nothing.

Knows nothing of encryption. Callers choose the buckets by the kind of value. Both functions are on
the export path, which opens values by the hundred thousand; hence no loops over bytes.
"""

from crypto.errors import BadTag

EMAIL_BUCKETS = (32, 64, 128, 320)
PHONE_BUCKETS = (16, 32)
TEXT_BUCKETS = (32, 64, 128, 256, 512, 1024, 2048, 4096)


def pad(value: bytes, buckets: tuple[int, ...]) -> bytes:
    """Fill up to the smallest of the ascending `buckets` that fits value and mark.

    Beyond the last bucket the length is the next multiple of it.
    """
    needed = len(value) + 1
    for bucket in buckets:
        if needed <= bucket:
            return (value + b"\x80").ljust(bucket, b"\0")
    last = buckets[-1]
    return (value + b"\x80").ljust(-(-needed // last) * last, b"\0")


def unpad(padded: bytes) -> bytes:
    """Take the padding off; BadTag where there is none."""
    marked = padded.rstrip(b"\0")
    if marked[-1:] != b"\x80":
        raise BadTag("the padding of an opened value is malformed")
    return marked[:-1]
