"""Pure functions that the fits layer calls: scale, project, cluster, name, mix."""
