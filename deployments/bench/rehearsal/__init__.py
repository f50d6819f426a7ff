"""The breach rehearsal on the embedded estate: attacks before hardening, after it, and with each layer really taken away."""
