# Pooled mean group (Pesaran, Shin and Smith 1999) by general optimisers: the likelihood of the common
# long run, every country's own coefficients by lm, is climbed by optim and nlm from many starts and
# polished with numDeriv's derivatives.  Rscript pooled_mean_group.R  writes pooled_mean_group.csv.
# expected: inverse of the whole information matrix of long run, speeds and short runs, written out;
# observed: numDeriv's Hessian of the concentrated likelihood.
suppressMessages({library(plm); library(numDeriv)})
data(Gasoline, package = "plm"); data(Grunfeld, package = "plm")
Grunfeld$firm <- sprintf("F%03d", Grunfeld$firm)
number <- function(d) as.integer(substr(d$firm, 2, 4))
out <- file("pooled_mean_group.csv", "w")
cat("case,quantity,term,value\n", file = out)
put <- function(case, quantity, values, terms)
  cat(sprintf("%s,%s,%s,%.17g\n", case, quantity, terms, values), file = out, sep = "")
earlier <- function(d, v, by) d[[v]][match(paste(d$id, d$time - by), paste(d$id, d$time))]
pmg <- function(case, d, y, xs, p, q, trend = FALSE) {
  d$DY <- d[[y]] - earlier(d, y, 1); d$L <- earlier(d, y, 1); short <- character()
  add <- function(v, by) {
    name <- paste0("d(", v, ")", if (by) paste0("_lag", by) else "")
    d[[name]] <<- earlier(d, v, by) - earlier(d, v, by + 1); short <<- c(short, name)
  }
  if (p > 1) for (by in 1:(p - 1)) add(y, by)
  for (v in xs) if (q[v] > 0) for (by in 0:(q[v] - 1)) add(v, by)
  if (trend) { d$trend <- d$time - min(d$time); short <- c(short, "trend") }
  d <- d[complete.cases(d[c("DY", "L", xs, short)]), ]
  units <- split(d, d$id, drop = TRUE)
  X <- function(u) as.matrix(u[xs]); W <- function(u) cbind(as.matrix(u[short]), 1)
  regress <- function(u, th) lm.fit(cbind(u$L - X(u) %*% th, W(u)), u$DY)
  ll <- function(th) sum(sapply(units, function(u) {
    n <- nrow(u); -n / 2 * (log(2 * pi * sum(regress(u, th)$residuals^2) / n) + 1)}))
  free <- t(sapply(units, function(u) { b <- lm.fit(cbind(u$L, X(u), W(u)), u$DY)$coefficients
    c(-b[1 + seq_along(xs)] / b[1], b[1], b[-(1:(1 + length(xs)))]) }))
  best <- NULL
  for (s in c(list(colMeans(free[, seq_along(xs), drop = FALSE])),
              lapply(seq_along(units), function(i) free[i, seq_along(xs)]))) {
    one <- optim(s, function(th) -ll(th), method = "Nelder-Mead", control = list(maxit = 5000, reltol = 1e-12))
    two <- tryCatch(suppressWarnings(nlm(function(th) -ll(th), one$par, gradtol = 1e-10, steptol = 1e-12,
      iterlim = 1000)), error = function(e) list(minimum = one$value, estimate = one$par))
    if (is.null(best) || two$minimum < best$minimum - 1e-9) best <- two
  }
  th <- best$estimate
  for (k in 1:4) th <- th - solve(hessian(ll, th), grad(ll, th))
  fits <- lapply(units, regress, th); own <- t(sapply(fits, function(f) f$coefficients))
  k <- length(xs); s <- ncol(own); N <- length(units); G <- matrix(0, k + N * s, k + N * s)
  for (i in seq_along(units)) {
    u <- units[[i]]; Z <- cbind(u$L - X(u) %*% th, W(u)); sig <- mean(fits[[i]]$residuals^2)
    phi <- own[i, 1]; at <- k + (i - 1) * s + 1:s
    G[1:k, 1:k] <- G[1:k, 1:k] + phi^2 / sig * crossprod(X(u))
    G[1:k, at] <- -phi / sig * crossprod(X(u), Z); G[at, 1:k] <- t(G[1:k, at])
    G[at, at] <- crossprod(Z) / sig
  }
  D <- 1 / sqrt(diag(G)); V <- t(solve(G * outer(D, D)) * D) * D
  names <- c("error_correction", short, "const")
  put(case, "coef", th, xs); put(case, "coef", colMeans(own), names)
  put(case, "se_expected", sqrt(diag(V)[1:k]), xs)
  put(case, "se_observed", sqrt(diag(solve(-hessian(ll, th)))), xs)
  put(case, "se_expected", sqrt(diag(cov(own)) / N), names)
  put(case, "loglik", ll(th), "")
  put(case, "mean_group", colMeans(free), c(xs, names))
  put(case, "mean_group_se", sqrt(diag(cov(free)) / N), c(xs, names))
  gap <- colMeans(free)[1:k] - th
  put(case, "hausman", sum(gap * solve(cov(free)[1:k, 1:k] / N - V[1:k, 1:k], gap)), "")
  last <- length(units)
  put(case, "own", own[last, ], names)
  put(case, "own_se", sqrt(diag(V)[k + (last - 1) * s + 1:s]), names)
}
names(Gasoline)[1:2] <- c("id", "time"); Gasoline$time <- as.integer(as.character(Gasoline$time))
g <- transform(Grunfeld, id = firm, time = year)
holes <- g[(7 * number(g) + 3 * (g$year - 1935)) %% 17 != 0, ]
q <- function(...) c(...)
pmg("gasoline", Gasoline, "lgaspcar", c("lincomep", "lrpmg"), 1, q(lincomep = 1, lrpmg = 1))
pmg("gasoline_p2", Gasoline, "lgaspcar", c("lincomep", "lrpmg"), 2, q(lincomep = 1, lrpmg = 2))
pmg("gasoline_q0", Gasoline, "lgaspcar", c("lincomep", "lrpmg"), 1, q(lincomep = 0, lrpmg = 1))
pmg("gasoline_trend", Gasoline, "lgaspcar", c("lincomep", "lrpmg"), 1, q(lincomep = 1, lrpmg = 1), TRUE)
pmg("grunfeld", g, "inv", c("value", "capital"), 1, q(value = 1, capital = 1))
pmg("grunfeld_holes", holes, "inv", c("value", "capital"), 1, q(value = 1, capital = 1))
pmg("grunfeld_one", g, "inv", "value", 1, q(value = 1))
close(out)
