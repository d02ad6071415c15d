# Bayesian model averaging on the growth data of Fernandez, Ley and Steel (2001), by BMS 0.3.5's
# `datafls`:  Rscript bms_datafls.R  writes bms_datafls.csv and datafls.csv.
suppressMessages(library(BMS))
data(datafls)
write.csv(format(datafls, digits = 17, trim = TRUE), "datafls.csv", quote = FALSE)
out <- file("bms_datafls.csv", "w")
cat("run,quantity,term,value\n", file = out)
put <- function(run, quantity, values, terms = names(values)) {
  cat(sprintf("%s,%s,%s,%.17g\n", run, quantity, if (is.null(terms)) "" else terms, values),
      file = out, sep = "")
}
record <- function(run, m, exact = TRUE) {
  b <- coef(m, exact = exact, order.by.pip = FALSE)
  for (q in list(c("pip", "PIP"), c("mean", "Post Mean"), c("sd", "Post SD"),
                 c("positive", "Cond.Pos.Sign")))
    put(run, q[1], b[, q[2]], rownames(b))
  d <- coef(m, exact = exact, order.by.pip = FALSE, condi.coef = TRUE)
  put(run, "mean_if_in", d[, 2], rownames(d))
  put(run, "sd_if_in", d[, 3], rownames(d))
  # all models are kept where they are enumerated, so the probabilities sum to one
  if (exact) put(run, "best", pmp.bma(m)[1:5, 1] / sum(pmp.bma(m)[, 1]), as.character(1:5))
}
twelve <- datafls[, 1:13]
enumerate <- function(g, mprior, size = NA)
  bms(twelve, g = g, mprior = mprior, mprior.size = size, mcmc = "enumerate", user.int = FALSE,
      nmodel = 4096)
runs <- list(uip = enumerate("UIP", "uniform"), bric_beta = enumerate("BRIC", "random", 4),
             g50_fixed = enumerate(50, "fixed", 5), hyper = enumerate("hyper=3", "uniform"))
for (name in names(runs)) {
  record(name, runs[[name]])
  put(name, "size", runs[[name]]$info$k.vec / sum(runs[[name]]$info$k.vec), as.character(0:12))
}
set.seed(1)
long <- bms(datafls, burn = 200000, iter = 3000000, g = "BRIC", mprior = "uniform", mcmc = "bd",
            nmodel = 2000, user.int = FALSE)
record("mcmc_41", long, exact = FALSE)
put("mcmc_41", "corr", cor(pmp.bma(long))[1, 2], "")
close(out)
