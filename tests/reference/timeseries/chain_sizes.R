# Rank-normalised effective sizes and split R-hat of four short chains by R's posterior (1.4.0):
# apt-get install r-cran-posterior; Rscript chain_sizes.R
suppressMessages(library(posterior))
noise <- function(i, c) { v <- sin(i * 12.9898 + c * 78.233) * 437.585453; v - floor(v) - 0.5 }
x <- matrix(0, 500, 4)
for (c in 1:4) for (i in 2:500) x[i, c] <- 0.8 * x[i - 1, c] + noise(i, c)
for (m in list(x, x^3, round(4 * x)))
  cat(sprintf("%.6f %.4f %.4f %.4f\n", rhat_basic(m), ess_basic(m), ess_bulk(m), ess_tail(m)))
