# Interactive fixed effects (Bai 2009) by alternating least squares.  Rscript interactive_effects.R
# writes interactive_effects.csv. Balanced panels: factors by svd, slopes by lm on what the factors
# leave. Panels with holes: loadings and effects country by country, factors year by year, slopes
# over all rows, each by lm, in turn. Errors: lm on the drivers beside dummies and the directions in
# which loadings and factors move the fit. Bias: the sums of Bai (2009), section 7, country by country.
data(Grunfeld, package = "plm"); data(Cigar, package = "plm")
Grunfeld$firm <- sprintf("F%03d", Grunfeld$firm)
number <- function(d) as.integer(substr(d$firm, 2, 4))
out <- file("interactive_effects.csv", "w")
cat("case,quantity,term,value\n", file = out)
put <- function(case, quantity, values, terms)
  cat(sprintf("%s,%s,%s,%.17g\n", case, quantity, terms, values), file = out, sep = "")
centred <- function(M, country, year) {
  if (country) M <- M - rowMeans(M)
  if (year) M <- sweep(M, 2, colMeans(M))
  M
}
balanced <- function(Y, X, r, country, year) {
  Y <- centred(Y, country, year); X <- lapply(X, centred, country, year); N <- nrow(Y); T <- ncol(Y)
  x <- sapply(X, as.vector); best <- NULL
  for (b in list(lm.fit(x, as.vector(Y))$coefficients, rep(0, length(X)))) {
    for (k in 1:50000) {
      W <- Y - Reduce(`+`, Map(`*`, X, b)); s <- svd(W, r, r)
      P <- diag(T) - tcrossprod(s$v)
      new <- lm.fit(sapply(X, function(M) as.vector(M %*% P)), as.vector(Y %*% P))$coefficients
      moved <- max(abs(new - b) / abs(new)); b <- new
      if (moved < 1e-14) break
    }
    W <- Y - Reduce(`+`, Map(`*`, X, b)); s <- svd(W, r, r)
    ssr <- sum((W - s$u %*% (s$d[1:r] * t(s$v)))^2)
    if (is.null(best) || ssr < best$ssr - 1e-9)
      best <- list(b = b, ssr = ssr, F = sqrt(T) * s$v, L = W %*% s$v / sqrt(T), X = X, E = W - W %*% tcrossprod(s$v))
  }
  best
}
errors <- function(case, d, y, xs, fit, country, year, rank) {
  id <- factor(d$id); time <- factor(d$time)
  D <- cbind(if (country) model.matrix(~ id - 1), if (year) model.matrix(~ time - 1))
  for (j in seq_len(ncol(fit$F))) D <- cbind(D, model.matrix(~ id - 1) * fit$F[as.integer(time), j],
                                             model.matrix(~ time - 1) * fit$L[as.integer(id), j])
  q <- qr(D, tol = 1e-9); Q <- qr.Q(q)[, seq_len(q$rank)]
  off <- function(M) { for (k in 1:2) M <- M - Q %*% crossprod(Q, M); M }
  Z <- off(as.matrix(d[xs])); e <- drop(off(d[[y]]) - Z %*% fit$b)
  n <- nrow(d); k <- length(xs); A <- solve(crossprod(Z)); df <- n - q$rank - k
  put(case, "se_classical", sqrt(diag(A) * sum(e^2) / df), xs); put(case, "df", df, "")
  put(case, "se_hc1", sqrt(diag(A %*% crossprod(Z * e) %*% A) * n / (n - k)), xs)
  S <- rowsum(Z * e, d$id); G <- nrow(S)
  put(case, "se_clustered", sqrt(diag(A %*% crossprod(S) %*% A) * G / (G - 1) * (n - 1) / (n - k)), xs)
}
wide <- function(d, v) { d <- d[order(d$time, d$id), ]; matrix(d[[v]], length(unique(d$id))) }
rectangle <- function(case, d, y, xs, r, country, year) {
  fit <- balanced(wide(d, y), lapply(xs, function(v) wide(d, v)), r, country, year)
  put(case, "coef", fit$b, xs); put(case, "ssr", fit$ssr, "")
  errors(case, d, y, xs, fit, country, year)
  N <- nrow(fit$E); T <- ncol(fit$E); G <- solve(crossprod(fit$L) / N); A <- fit$L %*% G %*% t(fit$L)
  MF <- diag(T) - tcrossprod(fit$F) / T; ML <- diag(N) - fit$L %*% solve(crossprod(fit$L)) %*% t(fit$L)
  Z <- sapply(fit$X, function(M) as.vector(ML %*% M %*% MF)); D <- crossprod(Z) / (N * T)
  omega <- diag(colMeans(fit$E^2)); B <- C <- 0
  for (i in 1:N) {
    Xi <- sapply(fit$X, function(M) M[i, ]); Vi <- sapply(fit$X, function(M) colSums(A[i, ] * M) / N)
    g <- G %*% fit$L[i, ]
    B <- B + (t(Xi - Vi) %*% fit$F %*% g) * mean(fit$E[i, ]^2) / (N * T)
    C <- C + (t(Xi) %*% MF %*% omega %*% fit$F %*% g) / (N * T)
  }
  put(case, "bias_countries", -solve(D, B) / N, xs); put(case, "bias_years", -solve(D, C) / T, xs)
}
criteria <- function(case, d, y, xs, most, country, year) {
  N <- length(unique(d$id)); T <- length(unique(d$time)); C <- min(N, T)
  V <- sapply(0:most, function(r) if (r) balanced(wide(d, y), lapply(xs, function(v) wide(d, v)), r, country, year)$ssr else {
    X <- sapply(xs, function(v) as.vector(centred(wide(d, v), country, year)))
    sum(lm.fit(X, as.vector(centred(wide(d, y), country, year)))$residuals^2) }) / (N * T)
  r <- 0:most; s <- V[most + 1]; NT <- N * T
  g <- list(p1 = (N + T) / NT * log(NT / (N + T)), p2 = (N + T) / NT * log(C), p3 = log(C) / C)
  for (n in names(g)) { put(case, paste0("ic_", n), log(V) + r * g[[n]], r); put(case, paste0("pc_", n), V + r * s * g[[n]], r) }
  put(case, "bic_3", V + r * s * (N + T - r) * log(NT) / NT, r)
}
holes <- function(case, d, y, xs, r, country, year) {
  id <- as.integer(factor(d$id)); time <- as.integer(factor(d$time)); X <- as.matrix(d[xs]); Y <- d[[y]]
  N <- max(id); T <- max(time); best <- NULL
  D <- cbind(if (country) model.matrix(~ factor(id) - 1), if (year) model.matrix(~ factor(time) - 1))
  start <- if (is.null(D)) lm.fit(X, Y)$coefficients else lm.fit(cbind(X, D), Y)$coefficients[seq_along(xs)]
  for (b in list(start, 0 * start)) {
    a <- numeric(N); w <- numeric(T); low <- numeric(length(Y))
    M <- matrix(0, N, T); M[cbind(id, time)] <- Y - X %*% b
    s <- svd(centred(M, country, year), r, r); F <- s$v; L <- s$u %*% diag(s$d[1:r], r)
    for (k in 1:100000) {
      for (i in 1:N) { m <- id == i; R <- (Y - X %*% b - w[time])[m]
        c0 <- lm.fit(cbind(F[time[m], , drop = FALSE], if (country) 1), R)$coefficients
        L[i, ] <- c0[1:r]; if (country) a[i] <- c0[r + 1] }
      for (t in 1:T) { m <- time == t; R <- (Y - X %*% b - a[id])[m]
        c0 <- lm.fit(cbind(L[id[m], , drop = FALSE], if (year) 1), R)$coefficients
        F[t, ] <- c0[1:r]; if (year) w[t] <- c0[r + 1] }
      s <- svd(F); L <- L %*% s$v %*% diag(s$d, r); F <- s$u
      low <- rowSums(L[id, , drop = FALSE] * F[time, , drop = FALSE]) + a[id] + w[time]
      new <- lm.fit(X, Y - low)$coefficients; moved <- max(abs(new - b) / abs(new)); b <- new
      if (moved < 1e-13) break
    }
    ssr <- sum((Y - X %*% b - low)^2)
    cat(case, k, moved, ssr, b, "\n")
    if (is.null(best) || ssr < best$ssr) best <- list(b = b, ssr = ssr, F = F, L = L)
  }
  put(case, "coef", best$b, xs); put(case, "ssr", best$ssr, "")
  errors(case, d, y, xs, best, country, year)
}
g <- transform(Grunfeld, id = firm, time = year); cigar <- transform(Cigar, id = state, time = year)
few <- g[(7 * number(g) + 3 * (g$year - 1935)) %% 17 != 0, ]
both <- c("price", "ndi")
rectangle("cigar_none", cigar, "sales", both, 2, FALSE, FALSE)
rectangle("cigar_country", cigar, "sales", both, 2, TRUE, FALSE)
rectangle("cigar_year", cigar, "sales", both, 1, FALSE, TRUE)
rectangle("cigar_both", cigar, "sales", "price", 2, TRUE, TRUE)
rectangle("cigar_both_3", cigar, "sales", both, 3, TRUE, TRUE)
rectangle("grunfeld_country", g, "inv", c("value", "capital"), 1, TRUE, FALSE)
criteria("criteria_both", cigar, "sales", both, 5, TRUE, TRUE)
criteria("criteria_country", g, "inv", c("value", "capital"), 4, TRUE, FALSE)
holes("holes_none", few, "inv", c("value", "capital"), 1, FALSE, FALSE)
holes("holes_country", few, "inv", c("value", "capital"), 1, TRUE, FALSE)
holes("holes_both", few, "inv", c("value", "capital"), 2, TRUE, TRUE)
close(out)
