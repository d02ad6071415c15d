"""Edge in: data packages on disk, panels of a user's own, live services, assembling."""
