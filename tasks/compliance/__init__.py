"""Which requirements of which frameworks each control speaks to, as versioned data files."""
