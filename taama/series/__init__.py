"""series: figures that others published, read from their tables and series, each with its source.

Tables: published_flow; published stocks are rows of mobility.stock.
Tools: published_baseline, published_series (tools/). Methods: where a series breaks, what two publications say of one day.
Users: information officers who import what IOM, DNDS and others published; `publish` shows it beside our own.
"""
