"""The Metadata API: components as they are kept, as they travel, and what they change."""
