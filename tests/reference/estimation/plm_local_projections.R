# Local projections on Grunfeld by plm:  Rscript plm_local_projections.R  writes
# plm_local_projections.csv. Response of inv to value, capital beside it, two lags of inv and value,
# firm and year effects; a panel with holes shifts by calendar.
suppressMessages(library(plm))
data(Grunfeld, package = "plm")
Grunfeld$firm <- sprintf("F%03d", Grunfeld$firm)
number <- function(d) as.integer(substr(d$firm, 2, 4))
cut <- Grunfeld[(7 * number(Grunfeld) + 3 * (Grunfeld$year - 1935)) %% 11 != 0, ]
at <- function(d, v, by) {
  v[match(paste(d$firm, d$year + by), paste(d$firm, d$year))]
}
out <- file("plm_local_projections.csv", "w")
cat("panel,response,horizon,quantity,value\n", file = out)
for (name in c("grunfeld", "cut")) {
  d <- if (name == "grunfeld") Grunfeld else cut
  d$y1 <- at(d, d$inv, -1); d$y2 <- at(d, d$inv, -2); d$x1 <- at(d, d$value, -1); d$x2 <- at(d, d$value, -2)
  for (response in c("level", "change", "sum")) for (h in 0:5) {
    d$y <- switch(response, level = at(d, d$inv, h), change = at(d, d$inv, h) - d$y1,
                  sum = rowSums(sapply(0:h, function(k) at(d, d$inv, k))))
    r <- plm(y ~ value + capital + y1 + y2 + x1 + x2, d, index = c("firm", "year"), model = "within", effect = "twoways")
    years <- length(unique(index(r)[[2]])); lag <- max(h, floor(4 * (years / 100)^(2 / 9)))
    put <- function(quantity, value) cat(sprintf("%s,%s,%d,%s,%.17g\n", name, response, h, quantity, value), file = out)
    put("response", coef(r)[["value"]]); put("n_obs", nobs(r))
    put("driscoll_kraay", sqrt(vcovSCC(r, maxlag = lag)["value", "value"]))
    put("clustered", sqrt(vcovHC(r, method = "arellano", type = "sss")["value", "value"]))
    put("by_year", sqrt(vcovHC(r, method = "arellano", type = "sss", cluster = "time")["value", "value"]))
  }
}
close(out)
