"""Commands about data packages."""
