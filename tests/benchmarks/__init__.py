"""How fast it is: ``python -m tests.benchmarks``; docs/benchmarks.md holds the figures."""
