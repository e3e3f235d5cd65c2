"""What arrived, looked through: decisions on submissions, corrections, the quality of collection.

Tables: Review, Comment, Correction, FormRule; Interview and Doubt, which are read from submissions and can be again.
Used by data managers and supervisors.
"""
