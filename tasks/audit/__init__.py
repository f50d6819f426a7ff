"""The twenty-two controls, judged over all evidence."""
