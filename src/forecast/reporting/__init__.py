"""Tables, figures, the report and the manifest: records in, files out."""
