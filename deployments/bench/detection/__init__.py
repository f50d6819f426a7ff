"""OrgTrustBench: labelled traffic of several orgs, attacks in it, and how well and how soon they are found in each tier."""
