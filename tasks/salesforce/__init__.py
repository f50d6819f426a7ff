"""The only room that speaks Salesforce: sessions, tokens, queries, metadata. No Prefect in it."""
