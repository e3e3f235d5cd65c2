"""The gazetteer with history: areas in versions, localities, sites, points, facilities, population.

Tables: AreaVersion, Area, Lineage, Locality, Site, Point, Facility, PopulationFigure.
Every figure knows the version of the geography it was counted in.
"""
