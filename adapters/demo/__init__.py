"""The literature of `paperround demo`: a server that speaks the sources' protocols, with made-up papers."""
