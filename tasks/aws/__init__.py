"""The only room that speaks AWS: secrets, web ACLs, buckets and keys. It reads; what it writes is our own (ledger keys, anchors)."""
