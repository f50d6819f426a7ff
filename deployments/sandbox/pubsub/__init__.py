"""Real-time events over Pub/Sub API: a gRPC service beside the orgs' web services, as api.pubsub.salesforce.com has it."""
