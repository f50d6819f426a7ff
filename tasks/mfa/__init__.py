"""Who could take an org over without a second factor, and the plan that asks everybody for one."""
