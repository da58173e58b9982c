"""Tests of the lake and the door into it."""
