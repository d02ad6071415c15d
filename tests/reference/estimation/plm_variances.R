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
  # plm cannot form the components where means are regressors and the panel is unbalanced
  r <- try(plm(fm, d, model = "random"), silent = TRUE)
  if (!inherits(r, "try-error")) {
    put(name, "correlated", "coef", coef(r)); put(name, "correlated", "se", se(vcov(r)))
  }
  # years as the groups of a mean-group estimator: Fama and MacBeth (1973)
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
# pcce inverts the averages' cross-products, whose condition here is about 1e9: its digits end at the
# sixth. The same projections by base R's QR:
X <- model.matrix(f, Produc)[, -1]; y <- log(Produc$gsp)
H <- cbind(1, ave(y, Produc$year), apply(X, 2, ave, Produc$year))
left <- lapply(split(seq_along(y), Produc$state), function(i) qr.resid(qr(H[i, ]), cbind(y, X)[i, ]))
each <- sapply(left, function(m) qr.coef(qr(m[, -1]), m[, 1]))
put("produc", "cce_mean_group_qr", "coef", rowMeans(each))
put("produc", "cce_mean_group_qr", "se", se(cov(t(each)) / ncol(each)))
all <- do.call(rbind, left)
put("produc", "cce_pooled_qr", "coef", qr.coef(qr(all[, -1]), all[, 1]))
off <- each - rowMeans(each); n <- ncol(each)
meat <- Reduce(`+`, lapply(1:n, function(i) tcrossprod(crossprod(left[[i]][, -1]) %*% off[, i])))
bread <- solve(crossprod(all[, -1]))
put("produc", "cce_pooled_qr", "se", se(n / (n - 1) * bread %*% meat %*% bread))
close(out)
