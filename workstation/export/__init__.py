"""Tables and shapes for other programs: CSV and GeoJSON."""
