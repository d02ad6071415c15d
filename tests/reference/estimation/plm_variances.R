# Variance components of random effects, correlated random effects, Fama-MacBeth, mean group and
# common correlated effects:  Rscript plm_variances.R  writes plm_variances.csv.
# Panels as in plm_panels.R.
suppressMessages(library(plm))
options(warn = -1)
data(Grunfeld, package = "plm"); data(EmplUK, package = "plm"); data(Produc, package = "plm")
Grunfeld$firm <- sprintf("F%03d", Grunfeld$firm); EmplUK$firm <- sprintf("F%03d", EmplUK$firm)
number <- function(d) as.integer(substr(d$firm, 2, 4))
holes <- function(d) d[(7 * number(d) + 3 * (d$year - 1935)) %% 5 != 0, ]
tails <- function(d) d[d$year <= 1954 - number(d), ]
out <- file("plm_variances.csv", "w")
cat("panel,model,quantity,term,value\n", file = out)
put <- function(panel, model, quantity, values, terms = names(values)) {
  if (is.null(terms)) terms <- rep("", length(values))
  terms <- gsub(" ", "", sub("(Intercept)", "const", terms, fixed = TRUE))
  cat(sprintf("%s,%s,%s,\"%s\",%.17g\n", panel, model, quantity, terms, values), file = out, sep = "")
}
se <- function(V) sqrt(diag(V))
panels <- list(grunfeld = Grunfeld, holes = holes(Grunfeld), tails = tails(Grunfeld), emplUK = EmplUK)
for (name in names(panels)) {
  d <- pdata.frame(panels[[name]], c("firm", "year"))
  if (name == "emplUK") {
    f <- log(emp) ~ log(wage) + log(capital) + log(output)
    d$m1 <- as.numeric(Between(log(d$wage))); d$m2 <- as.numeric(Between(log(d$capital)))
    d$m3 <- as.numeric(Between(log(d$output))); fm <- update(f, . ~ . + m1 + m2 + m3)
  } else {
    f <- inv ~ value + capital
    d$m1 <- as.numeric(Between(d$value)); d$m2 <- as.numeric(Between(d$capital))
    fm <- update(f, . ~ . + m1 + m2)
  }
  for (m in c("swar", "walhus", "amemiya", "nerlove")) {
    r <- try(plm(f, d, model = "random", random.method = m), silent = TRUE)
    if (inherits(r, "try-error")) { cat(name, m, r); next }
    put(name, m, "coef", coef(r)); put(name, m, "se", se(vcov(r)))
    e <- ercomp(r)
    put(name, m, "sigma2", e$sigma2)
    put(name, m, "theta_min", min(e$theta), ""); put(name, m, "theta_max", max(e$theta), "")
  }
  r <- plm(fm, d, model = "random")
  put(name, "correlated", "coef", coef(r)); put(name, "correlated", "se", se(vcov(r)))
  # years as the groups of a mean-group estimator: Fama and MacBeth (1973)
  fb <- try(pmg(f, d, model = "mg", index = c("year", "firm")), silent = TRUE)
  d2 <- pdata.frame(panels[[name]], c("year", "firm"))
  fb <- try(pmg(f, d2, model = "mg"), silent = TRUE)
  if (!inherits(fb, "try-error")) {
    put(name, "fama_macbeth", "coef", coef(fb)); put(name, "fama_macbeth", "se", se(vcov(fb)))
  } else cat(name, fb)
  models <- list(mean_group = function() pmg(f, d, model = "mg"),
                 cce_mean_group = function() pcce(f, d, model = "mg"),
                 cce_mean_group_full = function() pmg(f, d, model = "cmg"),
                 cce_pooled = function() pcce(f, d, model = "p"))
  for (m in names(models)) {
    r <- try(models[[m]](), silent = TRUE)
    if (inherits(r, "try-error")) { cat(name, m, r); next }
    put(name, m, "coef", coef(r)); put(name, m, "se", se(r$vcov))
  }
}
d <- pdata.frame(Produc, c("state", "year"))
f <- log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp
models <- list(mean_group = pmg(f, d, model = "mg"), cce_mean_group = pcce(f, d, model = "mg"),
               cce_mean_group_full = pmg(f, d, model = "cmg"), cce_pooled = pcce(f, d, model = "p"))
for (m in names(models)) {
  put("produc", m, "coef", coef(models[[m]])); put("produc", m, "se", se(models[[m]]$vcov))
}
close(out)
