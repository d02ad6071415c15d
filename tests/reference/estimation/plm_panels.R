# Reference numbers for tests/estimation and tests/diagnostics, printed to plm_panels.csv:
#   Rscript plm_panels.R
# Data: Grunfeld and EmplUK as shipped with plm. The unbalanced subsets are defined by rule, so that
# the tests can make them again: see holes() and tails().
suppressMessages(library(plm))
options(warn = -1)
data(Grunfeld, package = "plm"); data(EmplUK, package = "plm")
Grunfeld$firm <- sprintf("F%03d", Grunfeld$firm); EmplUK$firm <- sprintf("F%03d", EmplUK$firm)
number <- function(d) as.integer(substr(d$firm, 2, 4))
# rows fall out at random places: unbalanced, with gaps in time
holes <- function(d) d[(7 * number(d) + 3 * (d$year - 1935)) %% 5 != 0, ]
# firm i ends i years early: unbalanced, without gaps
tails <- function(d) d[d$year <= 1954 - number(d), ]

out <- file("plm_panels.csv", "w")
cat("panel,model,quantity,term,value\n", file = out)
put <- function(panel, model, quantity, values, terms = names(values)) {
  if (is.null(terms)) terms <- rep("", length(values))
  terms <- sub("(Intercept)", "const", terms, fixed = TRUE)
  keep <- !grepl("factor(year)", terms, fixed = TRUE)
  cat(sprintf("%s,%s,%s,%s,%.17g\n", panel, model, quantity, terms[keep], values[keep]),
      file = out, sep = "")
}
se <- function(V) sqrt(diag(V))
record <- function(panel, model, m) {
  put(panel, model, "coef", coef(m))
  put(panel, model, "df", m$df.residual)
  put(panel, model, "rss", sum(resid(m)^2))
  put(panel, model, "r2", summary(m)$r.squared["rsq"], "")
  put(panel, model, "se_classical", se(vcov(m)))
  if (model == "between") return(invisible())
  for (type in c("HC0", "sss")) for (by in c("group", "time"))
    put(panel, model, paste0("se_", by, "_", type),
        se(vcovHC(m, method = "arellano", type = type, cluster = by)))
  put(panel, model, "var_two_way_HC0", diag(vcovDC(m, type = "HC0")))
  for (L in c(0:4)) put(panel, model, paste0("se_dk_", L), se(vcovSCC(m, type = "HC0", maxlag = L)))
}
all_models <- function(panel, d, f) {
  fy <- update(f, . ~ . + factor(year))
  d <- pdata.frame(d, c("firm", "year"))
  w <- plm(f, d, model = "within"); r <- plm(f, d, model = "random")
  wt <- plm(f, d, model = "within", effect = "twoways")
  p <- plm(f, d, model = "pooling")
  record(panel, "within_country", w)
  record(panel, "within_year", plm(f, d, model = "within", effect = "time"))
  record(panel, "within_both", wt)
  record(panel, "pooled", p)
  record(panel, "pooled_year", plm(fy, d, model = "pooling"))
  record(panel, "between", plm(f, d, model = "between"))
  record(panel, "random", r)
  ry <- try(plm(fy, d, model = "random"), silent = TRUE)
  if (!inherits(ry, "try-error")) record(panel, "random_year", ry)
  for (m in list(list("random", r), list("random_year", ry))) if (!inherits(m[[2]], "try-error")) {
    e <- ercomp(m[[2]])
    put(panel, m[[1]], "sigma2", e$sigma2)
    put(panel, m[[1]], "theta_min", min(e$theta)); put(panel, m[[1]], "theta_max", max(e$theta))
  }
  if (!any(make.pconsecutive(d, balanced = FALSE)$firm != "" &
           nrow(make.pconsecutive(d, balanced = FALSE)) != nrow(d))) {
    record(panel, "fd", plm(f, d, model = "fd"))
  }
  h <- phtest(w, r)
  put(panel, "hausman", "statistic", h$statistic, ""); put(panel, "hausman", "p", h$p.value)
  for (m in list(list("within_country", w), list("within_both", wt), list("pooled", p))) {
    t <- pcdtest(m[[2]], test = "cd")
    put(panel, m[[1]], "cd", t$statistic, ""); put(panel, m[[1]], "cd_p", t$p.value)
  }
}
g <- inv ~ value + capital
all_models("grunfeld", Grunfeld, g)
all_models("holes", holes(Grunfeld), g)
all_models("tails", tails(Grunfeld), g)
all_models("emplUK", EmplUK, log(emp) ~ log(wage) + log(capital) + log(output))

# first differences in calendar time where there are gaps: rows whose previous year is missing are lost
d <- pdata.frame(holes(Grunfeld), c("firm", "year"))
fd <- plm(diff(inv, shift = "time") ~ diff(value, shift = "time") + diff(capital, shift = "time"),
          d, model = "pooling")
names(fd$coefficients) <- c("(Intercept)", "value", "capital")
put("holes", "fd", "coef", coef(fd))
put("holes", "fd", "df", fd$df.residual)
put("holes", "fd", "rss", sum(resid(fd)^2))
put("holes", "fd", "se_classical", se(vcov(fd)), c("(Intercept)", "value", "capital"))
close(out)
cat(R.version.string, "plm", as.character(packageVersion("plm")), "\n")
