# influence.measures of least squares with the dummies written out, printed to influence.csv, and
# least squares made again without each firm, to influence_firms.csv:  Rscript influence.R
# Grunfeld as shipped with plm without the rows that holes() of plm_panels.R drops.
options(warn = -1)
data(Grunfeld, package = "plm")
kept <- Grunfeld[(7 * Grunfeld$firm + 3 * (Grunfeld$year - 1935)) %% 5 != 0, ]
out <- file("influence.csv", "w"); firms <- file("influence_firms.csv", "w")
cat("model,firm,year,hat,student,dffits,cov_ratio,cooks_distance,dfbeta_value,dfbeta_capital\n",
    file = out)
cat("model,firm,value,capital\n", file = firms)
record <- function(name, f, w = rep(1, nrow(kept))) {
  kept$w <- w
  environment(f) <- environment()
  m <- lm(f, kept, weights = w)
  i <- influence.measures(m)$infmat
  cat(sprintf("%s,%d,%d,%.15g,%.15g,%.15g,%.15g,%.15g,%.15g,%.15g\n", name, kept$firm, kept$year,
              i[, "hat"], rstudent(m), i[, "dffit"], i[, "cov.r"], i[, "cook.d"],
              dfbetas(m)[, "value"], dfbetas(m)[, "capital"]), file = out, sep = "")
  for (firm in unique(kept$firm)) {
    b <- coef(lm(f, kept[kept$firm != firm, ], weights = w))
    cat(sprintf("%s,%d,%.15g,%.15g\n", name, firm, b["value"], b["capital"]), file = firms)
  }
}
record("pooled", inv ~ value + capital)
record("pooled_year", inv ~ value + capital + factor(year))
record("within_country", inv ~ value + capital + factor(firm))
record("within_both", inv ~ value + capital + factor(firm) + factor(year))
record("weighted_both", inv ~ value + capital + factor(firm) + factor(year),
       kept$value / mean(kept$value))
close(out); close(firms)
