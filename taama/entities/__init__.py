"""Things that a phone carries and changes: sites, households, points, in lists shared by forms.

Tables: lists with their properties and parts by area, entities, what was said of each, imports, which form uses what.
Users: enumerators by their phones (ODK Entities 2022.1 to 2025.1), data managers by pages and commands.
"""
