"""What happened in the orgs: read live, by the hour and by the day, gated, masked, and kept as columns."""
