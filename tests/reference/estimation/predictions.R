# Predictions with standard errors and 90 % intervals, printed to predictions.csv:
#   Rscript predictions.R
# Grunfeld as shipped with plm without the rows that holes() of plm_panels.R drops; fitted with the
# dummies written out and predicted for every row of the full panel (R's predict.lm).
options(warn = -1)
data(Grunfeld, package = "plm")
kept <- Grunfeld[(7 * Grunfeld$firm + 3 * (Grunfeld$year - 1935)) %% 5 != 0, ]
out <- file("predictions.csv", "w")
cat("model,firm,year,prediction,std_error,conf_low,conf_high,new_low,new_high\n", file = out)
record <- function(name, f, w = rep(1, nrow(kept))) {
  kept$w <- w
  environment(f) <- environment()
  m <- lm(f, kept, weights = w)
  mean <- predict(m, Grunfeld, se.fit = TRUE, interval = "confidence", level = 0.9)
  new <- predict(m, Grunfeld, interval = "prediction", level = 0.9)
  cat(sprintf("%s,%d,%d,%.15g,%.15g,%.15g,%.15g,%.15g,%.15g\n", name, Grunfeld$firm, Grunfeld$year,
              mean$fit[, 1], mean$se.fit, mean$fit[, 2], mean$fit[, 3], new[, 2], new[, 3]),
      file = out, sep = "")
}
record("pooled", inv ~ value + capital)
record("pooled_year", inv ~ value + capital + factor(year))
record("within_country", inv ~ value + capital + factor(firm))
record("within_both", inv ~ value + capital + factor(firm) + factor(year))
record("weighted_both", inv ~ value + capital + factor(firm) + factor(year),
       kept$value / mean(kept$value))
close(out)
