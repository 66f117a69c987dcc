"""A reply's words in order, as a small piece of HTML that each chat platform shows or draws in its own manner.

Its elements: ``header footer section article``, ``h2 h3 p``, ``ul ol li``, ``pre code strong em a span`` and ``button``
(what a person may click within the text, where a platform can: a control's ``data-action``, or a ``data-command`` to
type; elsewhere it is read as text). ``hidden`` and ``data-silent`` are for the eye and for plain text alone: the first
stands only in plain text, the second never does; ``data-spelled`` links show their address there.
``<span class="person" data-user="ID">`` names a person.
"""

from adapters.layout.fragments import Links, fragment
from adapters.layout.plaintext import plain_text

__all__ = ["Links", "fragment", "plain_text"]
