"""What leaves the house: public fields of published figures, as files and through interfaces.

Tables: none of its own; everything comes from one snapshot.
Used by analysts, other systems and the clients of the DTM API.
"""
