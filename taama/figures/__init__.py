"""Numbers that can be defended: figure, comparability, disclosure control, drawing.

Tables: Snapshot, PublishedFigure.
Used by the domains that compute and by publish, which shows.
"""
