"""How records of all layers are drawn: figures by name, from what a record holds."""
