"""What is coming: dated changes of the platform and traces of campaigns, as signed packs, and whom of ours each one hits."""
