# Panel unit-root tests with lags by a criterion, printed to unit_root_lags.csv:
#   Rscript unit_root_lags.R
# R 4.2, plm 2.6-2, urca 1.3-3: purtest(lags = "AIC", "SIC", "Hall"), on the rows of the largest
# regression (fixedT) and on each one's own, and the p-values of MacKinnon (1994) and (1996).
# cipstest has no criterion: the CADF regressions are written out here.
suppressMessages({library(plm); library(urca)})
options(warn = -1)
data(Grunfeld, package = "plm"); data(Cigar, package = "plm")
data(Gasoline, package = "plm"); data(SumHes, package = "plm")
SumHes$lgdp <- log(SumHes$gdp); Cigar$lprice <- log(Cigar$price)
series <- list(
  list("Grunfeld", "inv", pdata.frame(Grunfeld, c("firm", "year")), 4),
  list("Grunfeld", "value", pdata.frame(Grunfeld, c("firm", "year")), 4),
  list("Cigar", "sales", pdata.frame(Cigar, c("state", "year")), 5),
  list("Cigar", "lprice", pdata.frame(Cigar, c("state", "year")), 5),
  list("Gasoline", "lgaspcar", pdata.frame(Gasoline, c("country", "year")), 3),
  list("SumHes", "lgdp", pdata.frame(SumHes, c("country", "year")), 4))
out <- file("unit_root_lags.csv", "w")
cat("data,series,test,exo,criterion,sample,corrected,p_approx,statistic,p,lags\n", file = out)
for (s in series) for (exo in c("intercept", "trend")) for (lag in c("AIC", "SIC", "Hall"))
  for (fixed in c(TRUE, FALSE)) for (cor in c(TRUE, FALSE))
    for (test in c("levinlin", "ips", "madwu", "invnormal"))
      for (p in if (test %in% c("madwu", "invnormal")) c("MacKinnon1994", "MacKinnon1996") else "") {
        x <- split(as.numeric(s[[3]][[s[[2]]]]), index(s[[3]])[[1]])
        call <- list(as.data.frame(x), test = test, exo = exo, lags = lag, pmax = s[[4]],
                     dfcor = cor, fixedT = fixed)
        if (p != "") call$p.approx <- p
        r <- try(do.call(purtest, call), silent = TRUE)
        if (inherits(r, "try-error")) next
        k <- sapply(r$idres, function(z) z$lags)
        cat(sprintf("%s,%s,%s,%s,%s,%s,%s,%s,%.17g,%.17g,%s\n", s[[1]], s[[2]], test, exo, lag,
            if (fixed) "common" else "own", cor, p, r$statistic$statistic, r$statistic$p.value,
            paste(k, collapse = " ")), file = out)
      }
# CADF: change on lagged level, its own p lagged changes, means of level, change, p lagged changes.
lagged <- function(v, k) c(rep(NA, k), head(v, length(v) - k))
cadf <- function(i, y, p, without, exo) {
  d <- rbind(NA, diff(y)); n <- nrow(y); rows <- (without + 2):n
  X <- cbind(lagged(y[, i], 1), if (p > 0) sapply(1:p, function(k) lagged(d[, i], k)),
             rowMeans(d), lagged(rowMeans(y), 1),
             if (p > 0) sapply(1:p, function(k) lagged(rowMeans(d), k)), 1,
             if (exo == "trend") 1:n)
  lm.fit(X[rows, , drop = FALSE], d[rows, i])
}
for (s in series) for (exo in c("intercept", "trend")) for (lag in c("AIC", "SIC", "HQ")) {
  y <- simplify2array(split(as.numeric(s[[3]][[s[[2]]]]), index(s[[3]])[[1]])); pmax <- min(s[[4]], 3)
  t <- k <- numeric(ncol(y))
  for (i in seq_len(ncol(y))) {
    ic <- sapply(0:pmax, function(p) { m <- cadf(i, y, p, pmax, exo); n <- length(m$residuals)
      log(sum(m$residuals^2) / n) + length(m$coefficients) / n *
        c(AIC = 2, SIC = log(n), HQ = 2 * log(log(n)))[[lag]] })
    k[i] <- which.min(ic) - 1
    m <- cadf(i, y, k[i], k[i], exo); s2 <- sum(m$residuals^2) / m$df.residual
    t[i] <- m$coefficients[1] / sqrt(s2 * chol2inv(qr.R(m$qr))[1, 1])
  }
  cat(sprintf("%s,%s,cips,%s,%s,common,TRUE,,%.17g,NA,%s\n", s[[1]], s[[2]], exo, lag, mean(t),
              paste(k, collapse = " ")), file = out)
}
close(out)
