"""Pages across domains, the situation report, and publishing.

Tables: Publication, a snapshot that was asked for; all that is shown comes from one snapshot.
Used by everybody who reads a figure, and by those who publish.
"""
