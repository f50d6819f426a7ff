"""The ledger: append-only, hash-chained, signed. It speaks SQL and knows no capability and no Prefect."""
