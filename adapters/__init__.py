"""How the bot talks: sources, chat platforms, HTTP."""
