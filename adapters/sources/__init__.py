"""Sources of papers: one file, one source."""
