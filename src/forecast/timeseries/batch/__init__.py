"""Point forecasts of many series at once."""
