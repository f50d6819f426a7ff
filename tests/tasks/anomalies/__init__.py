"""What detections say of events."""
