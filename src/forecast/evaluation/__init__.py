"""How good the method has been: backtests, rivals, scores and calibration."""
