# The same system in base R by other formulas: the prior's moments from its normal equations, the
# marginal likelihood as the density of the matrix t distribution of all years at once, and the
# hyperparameters by optim. Rscript bvar_reference.R > bvar_reference_r.csv
y <- as.matrix(read.csv("bvar_series.csv"))
n <- ncol(y); p <- 2; T <- nrow(y); k <- 1 + n * p
X <- cbind(1, y[2:(T - 1), ], y[1:(T - 2), ]); Y <- y[3:T, ]
s2 <- apply(y, 2, function(v) { m <- lm(v[-1] ~ v[-T]); sum(resid(m)^2) / m$df.residual })
start <- colMeans(y[1:p, ])
lmg <- function(a, n) n * (n - 1) / 4 * log(pi) + sum(lgamma(a + (1 - 1:n) / 2))
logdet <- function(m) as.numeric(determinant(m, logarithm = TRUE)$modulus)

evidence <- function(lambda, mu, delta, own = c(1, 0, 1)) {
  omega <- c(100^2, lambda^2 / s2, lambda^2 / (4 * s2))
  B <- matrix(0, k, n); B[cbind(2:(n + 1), 1:n)] <- own
  xd <- NULL; yd <- NULL
  for (j in which(own == 1)) {
    row <- numeric(n); row[j] <- start[j] / mu
    xd <- rbind(xd, c(0, row, row)); yd <- rbind(yd, row)
  }
  xd <- rbind(xd, c(1, start, start) / delta); yd <- rbind(yd, start / delta)
  P0 <- diag(1 / omega)
  P1 <- P0 + crossprod(xd)
  B1 <- solve(P1, P0 %*% B + crossprod(xd, yd))
  S1 <- diag(s2) + crossprod(yd - xd %*% B1) + t(B1 - B) %*% P0 %*% (B1 - B)
  d1 <- n + 2 + nrow(xd)
  M <- X %*% B1; V <- diag(nrow(Y)) + X %*% solve(P1, t(X)); m <- nrow(Y)
  E <- Y - M
  # matrix t density (Gupta and Nagar, 2000, chapter 4)
  lmg((d1 + m) / 2, n) - lmg(d1 / 2, n) - m * n / 2 * log(pi) - n / 2 * logdet(V) -
    m / 2 * logdet(S1) - (d1 + m) / 2 * logdet(diag(n) + solve(S1, t(E) %*% solve(V, E)))
}

gamma_pdf <- function(x, mode, sd) {
  k <- (2 + mode^2 / sd^2 + sqrt((4 + mode^2 / sd^2) * mode^2 / sd^2)) / 2
  dgamma(x, shape = k, scale = sqrt(sd^2 / k), log = TRUE)
}
cat("case,name,position,value\n")
show <- function(case, name, v) for (i in seq_along(v))
  cat(sprintf("%s,%s,%d,%.12f\n", case, name, i - 1, v[i]))
show("r_0.2_1_1", "log_evidence", evidence(0.2, 1, 1))
show("r_0.6_0.3_2", "log_evidence", evidence(0.6, 0.3, 2))
target <- function(h) -(evidence(exp(h[1]), exp(h[2]), exp(h[3])) + gamma_pdf(exp(h[1]), 0.2, 0.4) +
  gamma_pdf(exp(h[2]), 1, 1) + gamma_pdf(exp(h[3]), 1, 1))
o <- optim(log(c(0.2, 1, 1)), target, method = "BFGS", control = list(reltol = 1e-14))
o <- optim(o$par, target, method = "Nelder-Mead", control = list(reltol = 1e-14, maxit = 5000))
show("r_mode", "tightness", exp(o$par))
show("r_mode", "log_density", -o$value)
