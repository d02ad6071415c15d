# Panel cointegration statistics written out from the papers, printed to panel_cointegration.csv:
#   Rscript panel_cointegration.R
# Kao (1999), Pedroni (1999, table 1; ADF's pooled variance divided by L2), Westerlund (2007, with
# T and variances by rows). R 4.2, lm; data of plm 2.6-2. Statistics before their moments are taken
# off for Pedroni and Westerlund.
data(Grunfeld, package = "plm"); data(Cigar, package = "plm")
Cigar[c("sales", "price", "ndi")] <- log(Cigar[c("sales", "price", "ndi")])
sets <- list(
  list("Grunfeld", split(Grunfeld, Grunfeld$firm), "inv", "value"),
  list("Grunfeld", split(Grunfeld, Grunfeld$firm), "inv", c("value", "capital")),
  list("Cigar", split(Cigar, Cigar$state), "sales", "price"),
  list("Cigar", split(Cigar, Cigar$state), "sales", c("price", "ndi")))
out <- file("panel_cointegration.csv", "w")
cat("data,drivers,deterministic,lags,statistic,value\n", file = out)
weights <- function(k) 1 - seq_len(k) / (k + 1)
gamma <- function(a, b, s) sum(a[(1 + s):length(a)] * b[1:(length(b) - s)]) / length(a)
lrv <- function(v, k) gamma(v, v, 0) + 2 * sum(weights(k) * sapply(1:k, function(s) gamma(v, v, s)))
window <- function(n) max(1, round(4 * (n / 100)^(2 / 9)))
L <- function(v, k) c(rep(NA, k), v)[seq_along(v)]
F <- function(v, k) c(v[-seq_len(k)], rep(NA, k))
for (s in sets) {
  d <- s[[2]]; N <- length(d); n <- nrow(d[[1]]); m <- window(n); k <- length(s[[4]])
  put <- function(det, lags, name, value)
    cat(sprintf("%s,%s,%s,%d,%s,%.17g\n", s[[1]], paste(s[[4]], collapse = " "), det, lags, name,
                value), file = out)
  # Kao: least squares with a dummy a country
  all <- do.call(rbind, lapply(seq_along(d), function(i) cbind(d[[i]][c(s[[3]], s[[4]])], id = i)))
  fit <- lm(reformulate(c(s[[4]], "factor(id)"), s[[3]]), all)
  e <- split(resid(fit), all$id)
  lagged <- unlist(lapply(e, function(v) v[-n])); now <- unlist(lapply(e, function(v) v[-1]))
  one <- lm(now ~ lagged - 1); rho <- coef(one)[[1]]
  t <- (rho - 1) / sqrt(sum(resid(one)^2) / length(now) / sum(lagged^2))
  put("", 0, "kao_df_rho", sqrt(N) * (n * (rho - 1) + 3) / sqrt(51 / 5))
  put("", 0, "kao_df_t", sqrt(5 / 4) * t + sqrt(15 / 8 * N))
  Sigma <- Omega <- matrix(0, k + 1, k + 1)
  for (i in 1:N) {
    w <- cbind(e[[i]][-1] - rho * e[[i]][-n], apply(as.matrix(d[[i]][s[[4]]]), 2, diff))
    C <- function(l) crossprod(w[(1 + l):(n - 1), , drop = FALSE], w[1:(n - 1 - l), , drop = FALSE]) / (n - 1)
    Sigma <- Sigma + C(0) / N; Omega <- Omega + C(0) / N
    for (l in 1:m) Omega <- Omega + weights(m)[l] * (C(l) + t(C(l))) / N
  }
  given <- function(M) M[1, 1] - M[1, -1] %*% solve(M[-1, -1]) %*% M[-1, 1]
  s2 <- given(Sigma)[1]; w2 <- given(Omega)[1]
  bottom <- sqrt(w2 / (2 * s2) + 3 * s2 / (10 * w2))
  put("", 0, "kao_df_rho_star", (sqrt(N) * n * (rho - 1) + 3 * sqrt(N) * s2 / w2) /
        sqrt(3 + 36 * s2^2 / (5 * w2^2)))
  put("", 0, "kao_df_t_star", (t + sqrt(6 * N) * sqrt(s2) / (2 * sqrt(w2))) / bottom)
  for (p in 1:2) {
    z <- do.call(rbind, lapply(e, function(v) {
      dv <- c(NA, diff(v)); cbind(v, L(v, 1), sapply(1:p, function(j) L(dv, j))) }))
    z <- z[complete.cases(z), ]; a <- lm(z[, 1] ~ z[, -1] - 1)
    put("", p, "kao_adf", ((coef(a)[[1]] - 1) / sqrt(vcov(a)[1, 1]) +
          sqrt(6 * N) * sqrt(s2) / (2 * sqrt(w2))) / bottom)
  }
  for (det in c("none", "intercept", "trend")) {
    right <- c(s[[4]], switch(det, none = "-1", intercept = "1", trend = "tt"))
    # Pedroni
    U <- lapply(d, function(z) { z$tt <- 1:n; as.numeric(resid(lm(reformulate(right, s[[3]]), z))) })
    L2 <- sapply(d, function(z) lrv(resid(lm(diff(z[[s[[3]]]]) ~
      apply(as.matrix(z[s[[4]]]), 2, diff) - 1)), m))
    mu <- lapply(U, function(u) resid(lm(u[-1] ~ u[-n] - 1)))
    lam <- sapply(mu, function(v) sum(weights(m) * sapply(1:m, function(j) gamma(v, v, j))))
    s2i <- sapply(mu, function(v) mean(v^2)) + 2 * lam
    ee <- sapply(U, function(u) sum(u[-n]^2))
    ed <- sapply(U, function(u) sum(u[-n] * diff(u))) - (n - 1) * lam
    put(det, 0, "panel_v", n^2 * N^1.5 / sum(ee / L2))
    put(det, 0, "panel_rho", n * sqrt(N) * sum(ed / L2) / sum(ee / L2))
    put(det, 0, "panel_t", sum(ed / L2) / sqrt(mean(s2i / L2) * sum(ee / L2)))
    put(det, 0, "group_rho", n / sqrt(N) * sum(ed / ee))
    put(det, 0, "group_t", sum(ed / sqrt(s2i * ee)) / sqrt(N))
    for (p in 0:2) {
      A <- lapply(U, function(u) {
        du <- c(NA, diff(u)); z <- cbind(du, L(u, 1), if (p > 0) sapply(1:p, function(j) L(du, j)))
        z <- z[complete.cases(z), ]; f <- lm(z[, 1] ~ z[, -1] - 1); r <- nrow(z)
        x <- if (p > 0) resid(lm(z[, 2] ~ z[, -(1:2)] - 1)) else z[, 2]
        c(b = coef(f)[[1]], xx = sum(x^2), v = sum(resid(f)^2) / r) })
      A <- do.call(rbind, A)
      put(det, p, "panel_adf", sum(A[, "b"] * A[, "xx"] / L2) /
            sqrt(mean(A[, "v"] / L2) * sum(A[, "xx"] / L2)))
      put(det, p, "group_adf", sum(A[, "b"] * sqrt(A[, "xx"] / A[, "v"])) / sqrt(N))
    }
    # Westerlund
    for (p in 0:1) for (q in 0:1) {
      W <- t(sapply(d, function(z) {
        y <- z[[s[[3]]]]; dy <- c(NA, diff(y))
        short <- do.call(cbind, lapply(s[[4]], function(v) { dx <- c(NA, diff(z[[v]]))
          cbind(if (q > 0) F(dx, 1), dx, if (p > 0) L(dx, 1)) }))
        X <- cbind(L(y, 1), sapply(s[[4]], function(v) L(z[[v]], 1)), if (p > 0) L(dy, 1),
                   if (det != "none") 1, if (det == "trend") 1:n)
        rows <- complete.cases(cbind(dy, X, short)); r <- sum(rows)
        f <- lm.fit(cbind(X, short)[rows, ], dy[rows]); b <- coef(f); a <- b[[1]]
        sig2 <- sum(f$residuals^2) / r
        u <- f$residuals + short[rows, , drop = FALSE] %*% b[ncol(X) + seq_len(ncol(short))]
        change <- dy[-1] - if (det == "trend") mean(dy[-1]) else 0
        a1 <- sqrt(lrv(as.numeric(u), m) / lrv(change, m))
        yt <- lm.fit(cbind(X[, -1, drop = FALSE], short)[rows, ], L(y, 1)[rows])$residuals
        c(a * sqrt(sum(yt^2) / sig2), r * a / a1, a * sum(yt^2) / a1, sum(yt^2), sig2 / a1^2, r) }))
      pa <- sum(W[, 3]) / sum(W[, 4])
      for (v in list(c("gt", mean(W[, 1])), c("ga", mean(W[, 2])),
                     c("pt", pa / sqrt(mean(W[, 5]) / sum(W[, 4]))), c("pa", W[1, 6] * pa)))
        put(det, p, paste0(v[1], if (q > 0) "_lead"), as.numeric(v[2]))
    }
  }
}
close(out)
