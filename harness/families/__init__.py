"""Design families: one file each; `catalogue` lists every category."""
