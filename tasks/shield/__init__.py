"""Platform encryption of single fields: what it would break, which scheme fits, and the tenant secrets behind it."""
