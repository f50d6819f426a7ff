"""What every login and request leaves behind: event log files, hourly and daily, and stored real-time events."""
