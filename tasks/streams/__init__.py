"""Streams: what the ledger says, and findings, as OCSF events to syslog, Splunk and S3, each from where it stopped."""
