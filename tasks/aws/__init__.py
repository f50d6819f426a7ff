"""The only room that speaks AWS: secrets, web ACLs, buckets and keys, read only."""
