"""SOQL over an org's records, with the caller's rights: parse, translate to one SELECT, shape the rows."""
