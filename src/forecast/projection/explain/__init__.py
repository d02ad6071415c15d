"""Attribution, comparison, decomposition, sensitivity, responses."""
