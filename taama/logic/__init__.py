"""The logic of a form, worked out again on what was sent: what is asked, required, allowed and calculated.

Tables: none; pure methods, nothing is kept.
Used by review, which tells what a submission breaks and calculates anew what follows from a correction.
"""
