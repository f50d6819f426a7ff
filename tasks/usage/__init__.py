"""What users were seen doing through the APIs, and which days that is known of."""
