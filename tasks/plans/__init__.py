"""Changing an org safely: plans, their approval, their application step by step, and the way back."""
