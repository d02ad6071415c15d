# Seemingly unrelated regressions by systemfit:  Rscript systemfit_sur.R  writes systemfit_sur.csv.
# Grunfeld: five firms of Greene's table and General Electric with Westinghouse (Theil 1971), an
# equation a firm; Produc: two equations on a panel's rows, with and without states' dummies.
suppressMessages({library(systemfit); library(plm); library(lmtest)})
data(Grunfeld, package = "plm"); data(Produc, package = "plm")
Grunfeld$firm <- sprintf("F%03d", Grunfeld$firm)
out <- file("systemfit_sur.csv", "w")
cat("case,divisor,iterate,quantity,equation,term,value\n", file = out)
key <- function(...) paste(..., sep = ",")
put <- function(case, divisor, iterate, quantity, values, equation = "", term = "")
  cat(sprintf("%s,%.17g\n", key(case, divisor, iterate, quantity, equation, term), values), file = out, sep = "")
run <- function(case, equations, d, same) for (divisor in c("rows", "degrees_of_freedom")) for (it in c(1, 2000)) {
  r <- systemfit(equations, "SUR", data = d, tol = 1e-14, maxiter = it,
                 methodResidCov = if (divisor == "rows") "noDfCor" else "geomean")
  iterate <- if (it > 1) "true" else "false"
  b <- coef(r); name <- names(b)
  equation <- sub("_.*", "", name); term <- sub("(Intercept)", "const", sub("^[^_]*_", "", name), fixed = TRUE)
  term <- sub("[.]F[0-9]+$", "", term); kept <- !grepl("^state", term)
  put(case, divisor, iterate, "coef", b[kept], equation[kept], term[kept])
  put(case, divisor, iterate, "se", sqrt(diag(vcov(r)))[kept], equation[kept], term[kept])
  s <- summary(r)
  put(case, divisor, iterate, "mcelroy_r2", s$mcelroy.r.squared)
  put(case, divisor, iterate, "r2", sapply(s$eq, function(e) e$r.squared), sapply(r$eq, function(e) e$eqnLabel))
  R <- cov2cor(r$residCovEst)
  put(case, divisor, iterate, "correlation", R[2, 1], rownames(R)[2], rownames(R)[1])
  if (same) {
    k <- length(b) / length(r$eq); m <- length(r$eq)
    D <- cbind(1, -diag(m - 1))
    for (what in c("equal_slopes", "equal_coefficients")) {
      P <- diag(k); if (what == "equal_slopes") P <- P[-1, , drop = FALSE]
      h <- linearHypothesis(r, D %x% P, test = "Chisq")
      put(case, divisor, iterate, what, h[["Chisq"]][2]); put(case, divisor, iterate, paste0(what, "_p"), h[["Pr(>Chisq)"]][2])
    }
  }
}
firms <- function(who) {
  d <- Grunfeld[Grunfeld$firm %in% who, ]
  w <- reshape(d, idvar = "year", timevar = "firm", direction = "wide")
  e <- lapply(who, function(f) as.formula(sprintf("inv.%s ~ value.%s + capital.%s", f, f, f)))
  list(e = setNames(e, who), d = w)
}
strip <- function(case, who) { x <- firms(who); run(case, x$e, x$d, TRUE) }
strip("theil", c("F003", "F008"))
strip("greene", c("F001", "F002", "F003", "F004", "F008"))
Produc$lg <- log(Produc$gsp); Produc$lp <- log(Produc$pcap); Produc$lc <- log(Produc$pc); Produc$le <- log(Produc$emp)
run("produc", list(lg = lg ~ lp + lc + le, unemp = unemp ~ le + lc), Produc, FALSE)
run("dummies", list(lg = lg ~ lp + lc + le + state, unemp = unemp ~ le + lc + state), Produc, FALSE)
close(out)
