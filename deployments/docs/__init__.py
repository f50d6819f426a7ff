"""Documents for people, written from what the code says of itself wherever it says it: `python -m deployments.docs`."""
