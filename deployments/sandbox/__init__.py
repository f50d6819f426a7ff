"""An embedded Salesforce estate: several orgs, their doors and their neighbours, for proofs and rehearsals."""
