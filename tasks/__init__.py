"""What Bulkhead knows and can do, one room per capability."""
