"""Pure work on published series: classes, splices, revisions, periods, derived tables."""
