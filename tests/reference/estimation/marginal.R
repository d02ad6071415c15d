# Average marginal effects by numeric derivatives of R's own model matrices, with errors by the delta
# method (classical covariance), printed to marginal.csv; effects at points to marginal_at.csv:
#   Rscript marginal.R
# Data: Produc as shipped with plm. Central differences with steps of 1e-5 of a column's size: the
# derivative is known to about 1e-9.
suppressMessages(library(splines))
options(warn = -1)
data(Produc, package = "plm")
Produc$region <- as.integer(as.character(Produc$region))
models <- list(
  interaction = log(gsp) ~ log(emp) * unemp + I(unemp^2),
  three = log(gsp) ~ emp * unemp * pcap,
  poly = log(gsp) ~ poly(unemp, 3) + log(emp),
  poly_by = log(gsp) ~ poly(unemp, 2):emp + emp + sqrt(pcap),
  spline = log(gsp) ~ bs(unemp, df = 5) + log(emp),
  factor = log(gsp) ~ factor(region) + factor(region):unemp + log(emp),
  nested = log(gsp) ~ poly(log(emp), 2) + I(pcap / pc) + exp(I(unemp / 10))
)
design <- function(m, d) model.matrix(delete.response(terms(m)), d, xlev = m$xlevels)
slopes <- function(m, d, x) {
  h <- 1e-5 * mean(abs(d[[x]]))
  up <- d; down <- d
  up[[x]] <- up[[x]] + h; down[[x]] <- down[[x]] - h
  (design(m, up) - design(m, down)) / (2 * h)
}
out <- file("marginal.csv", "w"); at <- file("marginal_at.csv", "w")
cat("model,driver,effect,std_error\n", file = out)
cat("model,driver,row,effect,std_error\n", file = at)
b0 <- function(m) { b <- coef(m); b[is.na(b)] <- 0; b }
put <- function(name, m, x, D) {
  keep <- !is.na(coef(m)); V <- vcov(m)[keep, keep]; d <- colMeans(D)[keep]
  cat(sprintf("%s,%s,%.12g,%.12g\n", name, x, sum(d * coef(m)[keep]), sqrt(d %*% V %*% d)),
      file = out)
}
for (name in names(models)) {
  m <- lm(models[[name]], Produc)
  for (x in setdiff(all.vars(models[[name]])[-1], "region")) {
    D <- slopes(m, Produc, x)
    put(name, m, x, D)
    keep <- !is.na(coef(m)); V <- vcov(m)[keep, keep]
    for (row in c(3, 200, 500)) {
      d <- D[row, keep]
      cat(sprintf("%s,%s,%d,%.12g,%.12g\n", name, x, row, sum(d * coef(m)[keep]),
                  sqrt(d %*% V %*% d)), file = at)
    }
  }
  if (name == "factor") for (value in 2:9) {
    one <- Produc; other <- Produc
    one$region <- 1; other$region <- value
    put(name, m, sprintf("region[%d]", value), design(m, other) - design(m, one))
  }
}
close(out); close(at)
