"""One module for each room that keeps something in the ledger: what it writes into a store, and what it reads there again."""
