# Reference values for tests of one series and for breaks in the mean.
# R 4.2, urca 1.3-3, strucchange 1.5-3. Run: Rscript series_tests_reference.R
# Writes breaks_series.csv (a simulated series) and series_tests_reference.csv (the numbers).
suppressMessages({library(urca); library(strucchange)})
out <- NULL
add <- function(series, model, name, value)
  out <<- rbind(out, data.frame(series, model, name, value = as.numeric(value)))
set.seed(7)
steps <- round(c(rep(2, 20), rep(6, 18), rep(3, 25), rep(4.5, 17)) + rnorm(80), 6)
data(RealInt) # United States' real interest rate, 1961:1-1986:3: Bai and Perron (2003)
rate <- as.numeric(RealInt)
write.csv(data.frame(series = rep(c("steps", "realint"), c(80, 103)), value = c(steps, rate)),
          "breaks_series.csv", row.names = FALSE, quote = FALSE)
for (s in c("nile", "steps", "realint")) {
  y <- switch(s, nile = as.numeric(Nile), steps = steps, realint = rate)
  b <- breakpoints(y ~ 1, h = 0.15)
  f <- summary(b)
  for (m in 0:5) {
    add(s, "fit", paste0(c("rss", "bic"), m), f$RSS[, m + 1])
    if (m > 0) add(s, paste0("breaks", m), seq_len(m), breakpoints(b, breaks = m)$breakpoints)
  }
  best <- length(na.omit(breakpoints(b)$breakpoints))
  add(s, "best", "breaks", best)
  # interval for dates: errors alike in all segments, as the closed form of Bai (1997) has it
  ci <- confint(b, breaks = best, het.reg = FALSE, het.err = FALSE)$confint
  for (i in seq_len(best)) add(s, "interval", paste0(c("low", "at", "high"), i), ci[i, ])
  add(s, "supf", "statistic", sctest(Fstats(y ~ 1, from = 0.15))$statistic)
}
y <- Nile
add("nile", "adf", "c2", ur.df(y, "drift", lags = 2)@teststat[1])
add("nile", "adf", "ct1", ur.df(y, "trend", lags = 1)@teststat[1])
add("nile", "dfgls", "c2", ur.ers(y, "DF-GLS", "constant", lag.max = 2)@teststat)
add("nile", "dfgls", "ct2", ur.ers(y, "DF-GLS", "trend", lag.max = 2)@teststat)
add("nile", "pp", "c", ur.pp(y, "Z-tau", "constant", lags = "short")@teststat)
add("nile", "kpss", "c", ur.kpss(y, "mu", lags = "short")@teststat)
add("nile", "kpss", "ct", ur.kpss(y, "tau", lags = "short")@teststat)
add("nile", "za", "c2", ur.za(y, "intercept", lag = 2)@teststat)
add("nile", "za", "c2break", ur.za(y, "intercept", lag = 2)@bpoint)
write.csv(format(out, digits = 12), "series_tests_reference.csv", row.names = FALSE, quote = FALSE)
