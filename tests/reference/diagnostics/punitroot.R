# p-values of Dickey and Fuller's t by MacKinnon (1996), printed to punitroot.csv:
#   Rscript punitroot.R
# R 4.2, urca 1.3-3 (its punitroot; the table behind it is MacKinnon's own and is not copied).
suppressMessages(library(urca))
terms <- c(none = "nc", intercept = "c", trend = "ct")
out <- file("punitroot.csv", "w"); cat("deterministic,rows,t,p\n", file = out)
for (d in names(terms)) for (n in c(Inf, 200, 100, 50, 25))
  for (t in c(-12, -8, -6.5, seq(-5.5, 2.5, by = 0.25)))
    cat(sprintf("%s,%s,%.2f,%.10g\n", d, n, t, punitroot(t, N = n, trend = terms[[d]])), file = out)
close(out)
