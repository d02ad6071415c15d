# Reference numbers for tests/diagnostics and tests/estimation, printed to panel_tests.csv:
#   Rscript panel_tests.R
# R 4.2, plm 2.6-2, sandwich 3.0-2, lmtest 0.9-40. Data: Grunfeld and EmplUK as shipped with plm;
# the unbalanced subsets are made by rule, as in ../estimation/plm_panels.R.
suppressMessages({library(plm); library(sandwich); library(lmtest)})
options(warn = -1)
data(Grunfeld, package = "plm"); data(EmplUK, package = "plm")
number <- function(d) as.integer(d$firm)
holes <- function(d) d[(7 * number(d) + 3 * (d$year - 1935)) %% 5 != 0, ]
tails <- function(d) d[d$year <= 1954 - number(d), ]

out <- file("panel_tests.csv", "w")
cat("panel,test,quantity,value\n", file = out)
put <- function(panel, test, quantity, value)
  cat(sprintf("%s,%s,%s,%.17g\n", panel, test, quantity, value), file = out, sep = "")
test <- function(panel, name, expr) {
  t <- try(expr, silent = TRUE)
  if (inherits(t, "try-error")) return(invisible())
  put(panel, name, "statistic", t$statistic[1]); put(panel, name, "p", t$p.value[1])
  if (!is.null(t$parameter)) for (i in seq_along(t$parameter))
    put(panel, name, paste0("df", i), t$parameter[i])
}
se <- function(panel, model, name, V) {
  v <- sqrt(diag(V)); n <- sub("(Intercept)", "const", names(v), fixed = TRUE)
  for (i in seq_along(v)) put(panel, paste0(model, "/", name), n[i], v[i])
}

f <- list(grunfeld = inv ~ value + capital, emplUK = log(emp) ~ log(wage) + log(capital) + log(output))
d <- list(grunfeld = Grunfeld, holes = holes(Grunfeld), tails = tails(Grunfeld), emplUK = EmplUK)
for (p in names(d)) {
  form <- if (p == "emplUK") f$emplUK else f$grunfeld
  x <- pdata.frame(d[[p]], c("firm", "year"))
  pool <- plm(form, x, model = "pooling"); w <- plm(form, x, model = "within")
  two <- plm(form, x, model = "within", effect = "twoways")
  tim <- plm(form, x, model = "within", effect = "time")
  re <- plm(form, x, model = "random")
  # effects
  for (e in c("individual", "time", "twoways")) for (k in c("bp", "honda", "kw", "ghm"))
    if (e == "twoways" || k %in% c("bp", "honda"))
      test(p, paste("plmtest", k, e), plmtest(pool, effect = e, type = k))
  test(p, "pFtest individual", pFtest(w, pool)); test(p, "pFtest time", pFtest(tim, pool))
  test(p, "pFtest twoways", pFtest(two, pool)); test(p, "pFtest time given individual", pFtest(two, w))
  # serial correlation
  test(p, "pwartest", pwartest(w))
  test(p, "pwfdtest fd", pwfdtest(form, data = x, h0 = "fd"))
  test(p, "pwfdtest fe", pwfdtest(form, data = x, h0 = "fe"))
  for (o in 1:2) { test(p, paste("pbgtest within", o), pbgtest(w, order = o))
                   test(p, paste("pbgtest pooling", o), pbgtest(pool, order = o))
                   test(p, paste("pbgtest random", o), pbgtest(re, order = o)) }
  # Hausman by the auxiliary regression
  test(p, "phtest aux", phtest(form, data = x, method = "aux"))
  test(p, "phtest aux arellano", phtest(form, data = x, method = "aux",
       vcov = function(m) vcovHC(m, method = "arellano", type = "HC0")))
  # covariances
  for (m in list(list("pooled", pool), list("within_country", w), list("within_both", two),
                 list("random", re))) {
    for (t in c("HC0", "HC1", "HC2", "HC3")) {
      se(p, m[[1]], paste0("white_", t), vcovHC(m[[2]], method = "white1", type = t))
      se(p, m[[1]], paste0("arellano_group_", t), vcovHC(m[[2]], type = t, cluster = "group"))
      se(p, m[[1]], paste0("arellano_time_", t), vcovHC(m[[2]], type = t, cluster = "time"))
    }
    se(p, m[[1]], "bk_time", vcovBK(m[[2]], cluster = "time"))
    se(p, m[[1]], "bk_group", vcovBK(m[[2]], cluster = "group"))
  }
  for (t in c("HC0", "HC1", "HC2", "HC3"))
    se(p, "lm", paste0("sandwich_", t), sandwich::vcovHC(lm(form, d[[p]]), type = t))
  # Wald tests
  slopes <- names(coef(w)); V <- vcovHC(w, type = "sss")
  wt <- waldtest(w, . ~ . - capital - log(capital), vcov = function(m) vcovHC(m, type = "sss"), test = "F")
  R <- diag(length(slopes)); b <- coef(w)
  put(p, "wald all zero chi2", "statistic", t(b) %*% solve(V) %*% b)
  r <- matrix(c(1, -0.5, rep(0, length(b) - 2)), 1)
  put(p, "wald b1 = b2/2 + 0.05", "statistic", (r %*% b - 0.05)^2 / (r %*% V %*% t(r)))
  dr <- c(-b[1] / b[2]^2, 1 / b[2])   # gradient of b1/b2 by (b2, b1)
  g <- rep(0, length(b)); g[1] <- 1 / b[2]; g[2] <- -b[1] / b[2]^2
  put(p, "delta b1/b2", "estimate", b[1] / b[2]); put(p, "delta b1/b2", "se", sqrt(t(g) %*% V %*% g))
}
# slope homogeneity, written out after Pesaran and Yamagata (2008); no R package has it
for (p in c("grunfeld", "tails", "emplUK")) {
  form <- if (p == "emplUK") f$emplUK else f$grunfeld
  data <- model.frame(form, d[[p]]); id <- d[[p]]$firm
  parts <- lapply(split(data, id), function(z) scale(as.matrix(z), scale = FALSE))
  k <- ncol(data) - 1
  parts <- parts[sapply(parts, nrow) > k + 2]
  fe <- solve(Reduce(`+`, lapply(parts, function(z) crossprod(z[, -1]))),
              Reduce(`+`, lapply(parts, function(z) crossprod(z[, -1], z[, 1]))))
  stat <- function(s2) {
    M <- Map(function(z, s) crossprod(z[, -1]) / s, parts, s2)
    r <- Map(function(z, s) crossprod(z[, -1], z[, 1]) / s, parts, s2)
    b <- solve(Reduce(`+`, M), Reduce(`+`, r))
    mapply(function(m, v) { e <- solve(m, v) - b; t(e) %*% m %*% e }, M, r)
  }
  own <- lapply(parts, function(z) sum(lm.fit(z[, -1], z[, 1])$residuals^2) / (nrow(z) - k - 1))
  sw <- sum(stat(own)); n <- length(parts); T <- sapply(parts, nrow)
  put(p, "swamy", "statistic", sw); put(p, "swamy", "p", pchisq(sw, k * (n - 1), lower.tail = FALSE))
  tilde <- lapply(parts, function(z) sum((z[, 1] - z[, -1] %*% fe)^2) / (nrow(z) - 1))
  e <- stat(tilde)
  put(p, "delta", "statistic", sum((e - k) / sqrt(2 * k)) / sqrt(n))
  put(p, "delta_adjusted", "statistic", sum((e - k) / sqrt(2 * k * (T - k - 1) / (T + 1))) / sqrt(n))
}
# Breusch-Godfrey with lags inside firms, zero before the first year
for (p in c("grunfeld", "tails")) for (m in c("pooling", "within")) for (o in 1:2) {
  x <- pdata.frame(d[[p]], c("firm", "year")); z <- plm(f$grunfeld, x, model = m)
  X <- model.matrix(z); e <- as.numeric(resid(z)); id <- as.character(index(z)[[1]])
  L <- sapply(1:o, function(j) ave(e, id, FUN = function(v) c(rep(0, j), head(v, -j))))
  r <- lm.fit(cbind(X, L), e)$residuals
  put(p, paste("bg own", m, o), "statistic", length(e) * (1 - sum(r^2) / sum(e^2)))
}
w <- lm(inv ~ value + capital, Grunfeld)
wt <- waldtest(w, . ~ . - capital, vcov = function(m) sandwich::vcovHC(m, type = "HC1"))
put("grunfeld", "lmtest capital HC1", "statistic", wt$F[2]); put("grunfeld", "lmtest capital HC1", "p", wt[2, 4])

# unit roots (p-values of single countries: MacKinnon 1994, as here), on Grunfeld's three series
x <- pdata.frame(Grunfeld, c("firm", "year"))
for (v in c("inv", "value", "capital")) for (exo in c("none", "intercept", "trend")) {
  s <- x[[v]]
  for (k in c("levinlin", "ips", "madwu", "Pm", "invnormal", "logit")) for (l in 0:2) {
    if (exo == "none" && k == "ips") next
    for (dc in c(FALSE, TRUE)) test(v, paste(k, exo, l, if (dc) "dfcor" else "plain"),
      purtest(s, test = k, exo = exo, lags = l, dfcor = dc, p.approx = "MacKinnon1994")$statistic)
  }
  if (exo != "none") {
    for (l in 1:2) for (st in c("Ztbar", "tbar"))
      test(v, paste("ips", st, exo, l), purtest(s, test = "ips", exo = exo, lags = l, ips.stat = st)$statistic)
    for (H in c(TRUE, FALSE)) test(v, paste("hadri", exo, if (H) "robust" else "plain"),
      purtest(s, test = "hadri", exo = exo, Hcons = H)$statistic)
  }
}
for (v in c("inv", "value", "capital")) for (ty in c("none", "drift", "trend")) for (l in 0:2)
  for (tr in c(FALSE, TRUE))
    test(v, paste("cips", ty, l, if (tr) "truncated" else "full"),
         cipstest(x[[v]], lags = l, type = ty, model = "cmg", truncated = tr))
close(out)
