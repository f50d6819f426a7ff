"""Containing what an alert is about, and giving it back: a graded ladder, breakers, and a way back for each step."""
