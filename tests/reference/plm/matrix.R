# Coefficients and standard errors of plm, and of lm with every dummy under sandwich, on the panel of
# ../pyfixest/matrix.py (Munnell's states, every fifth row left out): formulas x covariances.
#   Rscript matrix.R > matrix.csv
suppressMessages({library(plm); library(sandwich); library(splines)})
options(warn = -1)
data(Produc)
d <- transform(Produc, y = log(gsp), x1 = log(pcap), x2 = log(emp), z = log(hwy), z2 = log(water),
               z3 = log(util), w = round(emp), odd = ((seq_along(emp) - 1) * 7) %% 5,
               region = factor(as.integer(region)), row = seq_along(emp) - 1)
d <- d[d$row %% 5 != 3, ]
d$f <- 1 + d$row %% 3
p <- poly(d$x2, 3); b <- bs(d$x2, df = 5); q <- bs(d$x2, df = 4, degree = 2)
for (j in 1:3) d[[paste0("p", j)]] <- p[, j]
for (j in 1:5) d[[paste0("b", j)]] <- b[, j]
for (j in 1:4) d[[paste0("q", j)]] <- q[, j]
d$region3 <- relevel(d$region, ref = "3")
d$t <- d$year - 1978; d$yr <- factor(d$year); d$ry <- interaction(d$region, d$yr, drop = TRUE)
pd <- pdata.frame(d, c("state", "year"))

cat("formula,covariance,weights,convention,term,coef,se\n")
put <- function(formula, covariance, weights, convention, coef, v, keep = names(coef)) {
  keep <- keep[keep %in% names(coef)]
  cat(sprintf('"%s",%s,%s,%s,"%s",%.15g,%.15g\n', formula, covariance, weights, convention, keep,
              coef[keep], sqrt(diag(v)[match(keep, names(coef))])), sep = "")
}

# ---- plm's own estimators and covariances
own <- list(
  "y ~ x1 + x2" = list(y ~ x1 + x2, "pooling", "individual"),
  "y ~ x1 + x2 | state" = list(y ~ x1 + x2, "within", "individual"),
  "y ~ x1 + x2 | year" = list(y ~ x1 + x2, "within", "time"),
  "y ~ x1 + x2 | state + year" = list(y ~ x1 + x2, "within", "twoways"),
  "log(gsp) ~ log(pcap) + exp(unemp / 10) + sqrt(hwy) | state + year" =
    list(log(gsp) ~ log(pcap) + exp(unemp / 10) + sqrt(hwy), "within", "twoways"),
  "y ~ l(x2, 0:2) + f(x1) | state" = list(y ~ lag(x2, 0:2) + lead(x1), "within", "individual"),
  "d(y) ~ d(x1) + d(x2, 2)" = list(diff(y) ~ diff(x1) + I(x2 - lag(x2, 2)), "pooling", "individual"),
  "y ~ i(region) + x2 | year" = list(y ~ region + x2, "within", "time"),
  "y ~ C(region, ref=3) + x2" = list(y ~ region3 + x2, "pooling", "individual"),
  "y ~ i(region, unemp) + x2 | state" = list(y ~ region:unemp + x2, "within", "individual"),
  "y ~ C(region)*unemp + x2" = list(y ~ region * unemp + x2, "pooling", "individual"),
  "y ~ poly(x2, 3) + unemp" = list(y ~ p1 + p2 + p3 + unemp, "pooling", "individual"),
  "y ~ poly(x2, 3) + unemp | state" = list(y ~ p1 + p2 + p3 + unemp, "within", "individual"),
  "y ~ bs(x2, df=5) + unemp | year" = list(y ~ b1 + b2 + b3 + b4 + b5 + unemp, "within", "time"),
  "y ~ bs(x2, 4, degree=2) + unemp | state + year" =
    list(y ~ q1 + q2 + q3 + q4 + unemp, "within", "twoways"),
  "y ~ x1 + x2 - 1" = list(y ~ x1 + x2 - 1, "pooling", "individual"),
  "y ~ unemp | 0 | x1 ~ z" = list(y ~ unemp + x1 | unemp + z, "pooling", "individual"),
  "y ~ unemp | state | x1 ~ z + z2" = list(y ~ unemp + x1 | unemp + z + z2, "within", "individual"),
  "y ~ unemp | state + year | x1 + x2 ~ z + z2 + log(util)" =
    list(y ~ unemp + x1 + x2 | unemp + z + z2 + z3, "within", "twoways"))
covariances <- list(
  classical = list("none", vcov),
  "vcovHC white1 HC0" = list("none", function(m) vcovHC(m, method = "white1", type = "HC0")),
  "vcovHC white1 HC3" = list("none", function(m) vcovHC(m, method = "white1", type = "HC3")),
  "vcovHC arellano state HC0" = list("none", function(m) vcovHC(m, type = "HC0")),
  "vcovHC arellano state sss" = list("plm", function(m) vcovHC(m, type = "sss")),
  "vcovHC arellano year sss" = list("plm", function(m) vcovHC(m, type = "sss", cluster = "time")),
  "vcovDC HC0" = list("none", function(m) vcovDC(m, type = "HC0")),
  "vcovSCC 2" = list("none", function(m) vcovSCC(m, type = "HC0", maxlag = 2)),
  "vcovBK time" = list("none", function(m) vcovBK(m, type = "HC0", cluster = "time")))
definite <- function(v) {
  s <- sqrt(abs(diag(v)))
  min(diag(v)) > 0 && min(eigen(v / outer(s, s), symmetric = TRUE)$values) > 1e-10
}
for (formula in names(own)) {
  m <- do.call(plm, c(own[[formula]][1], list(data = pd, model = own[[formula]][[2]],
                                              effect = own[[formula]][[3]])))
  for (name in names(covariances)) {
    v <- covariances[[name]][[2]](m)
    # plm leaves a sum over two clusterings that is not positive semidefinite as it is
    if (name == "vcovDC HC0" && !definite(v)) next
    put(formula, name, "", covariances[[name]][[1]], coef(m), v)
  }
}

# ---- lm with every dummy, clustered one to three ways, weighted or not
slopes <- c("x1", "x2", "unemp", "p1", "p2", "p3", "x1:x2")
dummies <- list(
  "y ~ x1 + x2" = y ~ x1 + x2,
  "y ~ x1*x2 | state" = y ~ x1 * x2 + state,
  "y ~ poly(x2, 3) + unemp" = y ~ p1 + p2 + p3 + unemp,
  "y ~ x1 + x2 | state + year" = y ~ x1 + x2 + state + yr,
  "y ~ x1 + x2 | state + region^year" = y ~ x1 + x2 + state + ry,
  "y ~ x1 + x2 | state + year + odd" = y ~ x1 + x2 + state + yr + factor(odd),
  "y ~ x1 + x2 | state[year]" = y ~ x1 + x2 + state * t,
  "y ~ x1 + x2 | state[year] + year" = y ~ x1 + x2 + state * t + yr,
  "y ~ x1 + x2 | state[unemp]" = y ~ x1 + x2 + state * unemp)
clusters <- list("state" = ~ state, "region" = ~ region, "year" = ~ year, "state + year" = ~ state + year,
                 "region + year + odd" = ~ region + year + odd)
full <- function(formula, rows, weights) {
  X <- model.matrix(formula, rows)
  k <- qr(X, tol = 1e-9); X <- X[, sort(k$pivot[seq_len(k$rank)])]
  rows$X <- X
  rows$weight <- weights
  m <- lm(y ~ X - 1, rows, weights = weight)
  names(m$coefficients) <- colnames(X)
  m
}
for (formula in names(dummies)) for (weights in c("", "w", "f")) {
  rows <- if (weights == "f") d[rep(seq_len(nrow(d)), d$f), ] else d
  w <- if (weights == "w") rows$w else rep(1, nrow(rows))
  m <- full(dummies[[formula]], rows, w)
  kept <- if (grepl("|", formula, fixed = TRUE)) slopes else c("(Intercept)", slopes)
  if (grepl("state[unemp]", formula, fixed = TRUE)) kept <- setdiff(kept, "unemp")
  b <- coef(m)
  put(formula, "lm", weights, "statsmodels", b, vcov(m), kept)
  put(formula, "vcovHC HC1", weights, "statsmodels", b, vcovHC(m, type = "HC1"), kept)
  for (by in names(clusters)) for (small in c("none", "statsmodels")) {
    if (small == "none" && by != "region + year + odd") next
    v <- vcovCL(m, clusters[[by]], type = if (small == "none") "HC0" else "HC1",
                cadjust = small != "none", data = rows)
    place <- match(intersect(kept, names(b)), names(b))
    if (definite(v[place, place])) put(formula, paste("vcovCL", by), weights, small, b, v, kept)
  }
}
