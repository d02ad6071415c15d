# Difference and system GMM of R's plm on EmplUK. Rscript gmm_plm.R writes gmm_plm.csv.
suppressMessages(library(plm))
data(EmplUK, package = "plm")
rows <- NULL
add <- function(model, quantity, term, value)
  rows <<- rbind(rows, data.frame(model = model, quantity = quantity, term = term,
                                  value = sprintf("%.17g", as.numeric(value))))
short <- function(x) {
  x <- sub("^lag\\(log\\((.*)\\), [0-9:]+\\)0$", "\\1", x)
  x <- sub("^lag\\(log\\((.*)\\), [0-9:]+\\)([1-9])$", "\\1_lag\\2", x)
  x <- sub("^lag\\(log\\((.*)\\), 1\\)$", "\\1_lag1", x)
  sub("^log\\((.*)\\)$", "\\1", x)
}
record <- function(name, z) {
  for (robust in c(TRUE, FALSE)) {
    s <- summary(z, robust = robust, time.dummies = TRUE)
    kind <- if (robust) "robust" else "plain"
    k <- short(rownames(s$coefficients))
    keep <- !grepl("^(\\(Intercept\\)|[0-9]{4})$", k)
    if (robust) add(name, "coef", k[keep], s$coefficients[keep, 1])
    add(name, paste0("se_", kind), k[keep], s$coefficients[keep, 2])
    add(name, paste0("m1_", kind), "", s$m1$statistic)
    add(name, paste0("m2_", kind), "", s$m2$statistic)
    w <- summary(z, robust = robust)
    add(name, paste0("wald_", kind), "", w$wald.coef$statistic)
    if (!is.null(w$wald.td)) add(name, paste0("wald_years_", kind), "", w$wald.td$statistic)
  }
  add(name, "j_two_step_weights", "", sargan(z, "twosteps")$statistic)
  add(name, "df", "", sargan(z)$parameter)
}
ab <- log(emp) ~ lag(log(emp), 1:2) + lag(log(wage), 0:1) + log(capital) +
  lag(log(output), 0:1) | lag(log(emp), 2:99)
table4b <- log(emp) ~ lag(log(emp), 1:2) + lag(log(wage), 0:1) + lag(log(capital), 0:2) +
  lag(log(output), 0:2) | lag(log(emp), 2:99)
limited <- log(emp) ~ lag(log(emp), 1:2) + lag(log(wage), 0:1) + log(capital) +
  lag(log(output), 0:1) | lag(log(emp), 2:4) + lag(log(wage), 1:2)
bb <- log(emp) ~ lag(log(emp), 1) + lag(log(wage), 0:1) + lag(log(capital), 0:1) |
  lag(log(emp), 2:99) + lag(log(wage), 2:99) + lag(log(capital), 2:99)
bbx <- log(emp) ~ lag(log(emp), 1) + lag(log(wage), 0:1) + log(capital) |
  lag(log(emp), 2:99) + lag(log(wage), 2:99)
for (m in c("onestep", "twosteps")) {
  s <- if (m == "onestep") 1 else 2
  record(paste0("ab_", s), pgmm(ab, EmplUK, effect = "twoways", model = m))
  record(paste0("ab_individual_", s), pgmm(ab, EmplUK, effect = "individual", model = m))
  record(paste0("table4_", s), pgmm(table4b, EmplUK, effect = "twoways", model = m))
  record(paste0("limited_", s), pgmm(limited, EmplUK, effect = "twoways", model = m))
  record(paste0("collapsed_", s), pgmm(ab, EmplUK, effect = "twoways", model = m, collapse = TRUE))
  record(paste0("bb_", s), pgmm(bb, EmplUK, effect = "twoways", model = m, transformation = "ld"))
  record(paste0("bb_collapsed_", s), pgmm(bb, EmplUK, effect = "twoways", model = m,
                                          transformation = "ld", collapse = TRUE))
  record(paste0("bb_exogenous_", s), pgmm(bbx, EmplUK, effect = "twoways", model = m,
                                          transformation = "ld"))
}
write.csv(rows, "gmm_plm.csv", row.names = FALSE, quote = FALSE)
