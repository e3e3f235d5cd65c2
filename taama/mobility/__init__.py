"""mobility: how many people had to move, where they are, who passes; from assessments and flow points.

Tables: stock, stock_part, assessment, passage, point_day (tables.py).
Tools: location_assessment, flow_registry (tools/).
Users: enumerators, data managers of IOM and DNDS, information officers; `publish` reads its methods.
"""
