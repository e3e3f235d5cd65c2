"""Colours and sizes of the pictures; every pair of meanings also differs in shape or pattern."""

FONT = "Noto Sans, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif"

INK = "#1b1f24"
MUTED = "#59616a"
RULE = "#d9d6cf"
PAPER = "#ffffff"
LAND = "#ebe7dd"
COAST = "#a8a294"
BLUE = "#1d5b94"
NAVY = "#123e68"
PALE = "#c3d8eb"
WARM = "#a8430b"

STEPS = ("#d6e5f2", "#a9c9e4", "#79a9d3", "#3a78b3", "#174a7c")  # light to dark, also in greyscale

SMALL = 11
STRONG = 600  # the heavier of the two weights that travel with the reports

WIDE = 720
MAP_WIDE = 640
COLUMN = 400
NARROW = 360
