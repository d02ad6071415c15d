# Factors, polynomials, splines, lags and no constant by R's own lm, on Munnell's states (plm).
#   Rscript formulas.R > formulas.csv
suppressMessages({library(plm); library(splines)})
data(Produc)
Produc$code <- as.integer(Produc$region)
d <- pdata.frame(Produc, index = c("state", "year"))
d$t <- as.integer(as.character(d$year))
d$ly <- log(d$gsp); d$le <- log(d$emp)
d$l1 <- lag(d$le, 1); d$l2 <- lag(d$le, 2); d$f1 <- lead(d$le, 1)
d <- as.data.frame(lapply(d, function(x) { attributes(x)[c("index", "names")] <- NULL; x }))
d$region <- factor(d$code)
models <- list(
  "factor" = ly ~ region + le,
  "reference" = ly ~ relevel(region, ref = "3") + le,
  "slopes" = ly ~ region:unemp + le,
  "crossed" = ly ~ region * unemp + le,
  "polynomial" = ly ~ poly(le, 3) + unemp,
  "spline" = ly ~ bs(le, df = 5) + unemp,
  "quadratic_spline" = ly ~ bs(le, df = 4, degree = 2) + unemp,
  "lags" = ly ~ le + l1 + l2 + f1,
  "no_constant" = ly ~ region + le - 1,
  "year" = ly ~ t + exp(unemp / 10) + sqrt(hwy))
cat("model,term,estimate,std_error\n")
for (name in names(models)) {
  s <- summary(lm(models[[name]], d))$coefficients
  for (i in seq_len(nrow(s)))
    cat(sprintf('%s,"%s",%.12e,%.12e\n', name, rownames(s)[i], s[i, 1], s[i, 2]))
}
