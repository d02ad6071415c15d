# Least squares on rows that R's own subset() chooses, on the panel of matrix.R.
#   Rscript conditions.R > conditions.csv
suppressMessages(library(plm))
data(Produc)
d <- transform(Produc, y = log(gsp), x1 = log(pcap), x2 = log(emp), row = seq_along(emp) - 1,
               odd = ((seq_along(emp) - 1) * 7) %% 5, region = as.integer(region))
d <- d[d$row %% 5 != 3, ]
d$word <- paste0("r", d$region)
d$state <- as.character(d$state)
rows <- list(
  "unemp < 6" = d$unemp < 6,
  "unemp <= 6" = d$unemp <= 6,
  "unemp > 6" = d$unemp > 6,
  "unemp >= 6" = d$unemp >= 6,
  "odd == 2" = d$odd == 2,
  "odd != 2" = d$odd != 2,
  "5 <= unemp < 8" = 5 <= d$unemp & d$unemp < 8,
  "unemp + odd > 7" = d$unemp + d$odd > 7,
  "x1 - x2 > 3" = d$x1 - d$x2 > 3,
  "odd * unemp > 9" = d$odd * d$unemp > 9,
  "hwy / pcap > 0.5" = d$hwy / d$pcap > 0.5,
  "unemp ^ 2 > 30" = d$unemp^2 > 30,
  "-unemp < -6" = -d$unemp < -6,
  "abs(unemp - 7) < 1.5" = abs(d$unemp - 7) < 1.5,
  "exp(unemp / 10) > 2" = exp(d$unemp / 10) > 2,
  "log(emp) > 7" = log(d$emp) > 7,
  "word == 'r3'" = d$word == "r3",
  "word in ['r1', 'r4'] and year >= 1975" = d$word %in% c("r1", "r4") & d$year >= 1975,
  "region not in [1, 2, 9]" = !(d$region %in% c(1, 2, 9)),
  "not (unemp > 6 or odd == 2)" = !(d$unemp > 6 | d$odd == 2),
  "not unemp > 6 and odd > 1 or year < 1975" = !(d$unemp > 6) & d$odd > 1 | d$year < 1975,
  "first_year" = d$year >= 1976,
  "last_year" = d$year <= 1980,
  "include" = d$state %in% c("OHIO", "TEXAS", "IOWA", "UTAH", "OREGON"),
  "exclude" = !(d$state %in% c("OHIO", "TEXAS")),
  "min_periods" = ave(d$row, d$state, FUN = length) >= 14)
cat("rows,n,term,coef,se\n")
for (name in names(rows)) {
  s <- summary(lm(y ~ x1 + x2, d[rows[[name]], ]))$coefficients
  cat(sprintf('"%s",%d,%s,%.15g,%.15g\n', name, sum(rows[[name]]), rownames(s), s[, 1], s[, 2]), sep = "")
}
