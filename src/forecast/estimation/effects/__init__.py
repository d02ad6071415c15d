"""What coefficients imply: marginal effects, draws, predictions."""
