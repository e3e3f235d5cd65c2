"""Pure methods on places: names, codes, lineage, geometry. Import the module that is needed: geometry is heavy."""
