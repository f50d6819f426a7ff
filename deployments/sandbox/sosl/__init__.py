"""SOSL: text searched for over many objects at once."""
