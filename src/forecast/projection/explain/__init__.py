"""Attribution, comparison, decomposition, sensitivity, responses, marks."""
