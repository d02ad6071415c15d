"""The past asked: backtests, cases, published forecasts, weights, by the names of commands."""
