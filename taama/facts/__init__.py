"""What submissions mean: contract tables, tools, the lake and its engines.

Tables: LakeTable (state of each lake table).
Read by methods of every domain; written by the one lake writer.
"""
