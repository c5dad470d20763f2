"""The CAPTCHA: one six-digit code, told as an image and as a sound.

Everything here is a pure function of the code and of chance. It does not know requests,
sessions, databases, how often a challenge may be tried, or when one expires.
"""
