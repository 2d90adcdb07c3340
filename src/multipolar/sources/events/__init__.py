"""Event data: one table of events for all publishers, an archive of validated files, the CAMEO codes."""
