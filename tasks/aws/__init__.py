"""
The only room that speaks AWS: secrets, web ACLs, buckets and keys.

It writes what is our own (keys and anchors of the ledger, data keys, backups, streams), and what approved changes and registered
rotations ask for: web ACLs, client certificates and lists of revoked ones, key material for orgs, versions of rotated secrets.
"""
