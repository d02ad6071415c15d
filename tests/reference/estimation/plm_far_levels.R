# Standard errors with a regressor a million above its own level: plm's, from Grunfeld's panel as it
# is and with value + 1e6. Slopes' errors are the same two numbers in exact arithmetic; how far plm's
# own differ says what the inverse of X'X costs; where plm finds it singular (pooling, far) none is printed.
# Run: Rscript plm_far_levels.R > plm_far_levels.csv     (R 4.2, plm 2.6-2)
suppressMessages(library(plm))
data("Grunfeld", package = "plm")
moved <- transform(Grunfeld, value = value + 1e6)

kinds <- list(
  white_hc0 = function(m) vcovHC(m, method = "white1", type = "HC0"),
  white_hc3 = function(m) vcovHC(m, method = "white1", type = "HC3"),
  arellano_sss = function(m) vcovHC(m, method = "arellano", type = "sss"),
  arellano_hc0_time = function(m) vcovHC(m, method = "arellano", type = "HC0", cluster = "time"),
  scc_2 = function(m) vcovSCC(m, type = "HC0", maxlag = 2),
  bk_time = function(m) vcovBK(m, cluster = "time"),
  double = function(m) vcovDC(m, type = "HC0")
)
cat("level,model,kind,term,std_error\n")
for (level in c("near", "far")) for (model in c("pooling", "within")) {
  fit <- plm(inv ~ value + capital, if (level == "near") Grunfeld else moved,
             index = c("firm", "year"), model = model)
  for (kind in names(kinds)) {
    found <- tryCatch(sqrt(diag(kinds[[kind]](fit))), error = function(e) NULL)
    for (term in setdiff(names(found), "(Intercept)"))
      cat(sprintf("%s,%s,%s,%s,%.15g\n", level, model, kind, term, found[[term]]))
  }
}
