"""What people read: artifacts, the HTML report, and its machine-readable forms."""
