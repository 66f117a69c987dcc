"""Chat platforms: one folder, one platform."""
