"""Tests of the corpus and its tools."""
