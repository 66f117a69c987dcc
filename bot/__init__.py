"""What the bot does, in plain Python: no SQL, no HTTP, no SDK."""
