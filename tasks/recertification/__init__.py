"""Recertification: owners say of each access whether it is still needed, and what nobody confirms goes by a plan."""
