"""Attribution, decomposition, sensitivity, responses."""
