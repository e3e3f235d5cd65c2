"""What `taama bench` measures: intake, time to facts, dashboards, exports, lists, each in an office of its own.

Tables: none; what it writes is gone with its office.
Used by developers and by docs/performance.md; `python -m taama.bench.compare` measures servers side by side.
"""
