"""Alerts: opened once, told once per channel, resolved once, whatever happens in between."""
